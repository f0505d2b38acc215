from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from atender.languages.catalogues import file_of, is_translated, merged, mo_text, po_text, read
from atender.languages.extraction import marked_in


class Command(BaseCommand):
    help = "Bring the catalogues of translations up to date with the texts, and compile them."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0])
        marked = marked_in(settings.BASE_DIR)
        for code, name in settings.LANGUAGES:
            file = file_of(folder, code)
            catalogue = merged(read(file, code), code, marked)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(po_text(catalogue))
            file.with_suffix(".mo").write_bytes(mo_text(catalogue))
            untranslated = sum(not is_translated(m) for m in catalogue if m.id)
            self.stdout.write(f"{code} {name}: {len(catalogue)} texts, {untranslated} untranslated")
