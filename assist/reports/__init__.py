"""What the record says when it is looked back on: of one incident, and of a stretch of days.

Everything is counted by the database, by a number of statements that does not grow with the record.
"""
