"""Another page's components and history, read from its public JSON API v2.

Read in parts and kept (`staging`), then brought in one record at a time (`bringing`), each in its
own transaction, so that a run that was killed goes on where it was, and a second one doubles
nothing.
"""
