"""What the record says in retrospect: about one incident, and about a period.

Everything is counted by the database, by a number of statements that does not grow with the record.
"""
