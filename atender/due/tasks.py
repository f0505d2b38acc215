from atender.due import work


def run(due_id: int, ticket: int) -> None:
    work.run(due_id, ticket)
