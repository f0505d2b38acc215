from django.contrib import admin

from atender.console.own_screens import OwnScreens
from atender.roles import Ability
from subscribers.console import importing
from subscribers.models import ContactImport


@admin.register(ContactImport)
class ContactImportAdmin(OwnScreens):
    """Files of contacts that were brought in."""

    ability_to_view = Ability.MANAGE_SUBSCRIBERS
    list_screen = importing.imports
    record_screen = importing.import_run
