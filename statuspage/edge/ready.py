"""Which documents of a page are always ready: made at each change, before anybody asks.

The app whose documents they are says so, in `AppConfig.ready`.
"""

from collections.abc import Callable, Iterable, Iterator

from statuspage.edge.asking import Asked, find_document

Finder = Callable[[str], Iterable[str]]
_paths: list[str] = []
_finders: list[Finder] = []


def keep_ready(*paths: str) -> None:
    """Have these paths made at each change of any page, in this order after those before."""
    _paths.extend(path for path in paths if path not in _paths)


def keep_ready_what(find: Finder) -> Finder:
    """Have the paths that `find` returns for a page's id made too; it may ask the database.

    A path with `?lang=` is made in that language alone.
    """
    _finders.append(find)
    return find


def fixed(languages: tuple[str, ...]) -> list[Asked]:
    """The documents that every page has, those first that most people read."""
    return list(_in_languages(_paths, languages))


def found(page_id: str, languages: tuple[str, ...]) -> list[Asked]:
    """The documents that this page has now; asks the database in the page's schema."""
    paths = [path for find in _finders for path in find(page_id)]
    return list(_in_languages(paths, languages))


def _in_languages(paths: Iterable[str], languages: tuple[str, ...]) -> Iterator[Asked]:
    """Which of them are the same in all languages shows when they are made."""
    for path in paths:
        place, _, query = path.partition("?")
        asked = find_document(place, query)
        if asked is None:
            raise ValueError(f"{path} is no document that the edge keeps.")
        wanted = (asked.language,) if asked.language else languages
        for language in wanted if len(languages) > 1 else ("",):
            yield asked._replace(language=language)
