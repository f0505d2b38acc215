from django.urls import path

from assist.sidekick import desk
from assist.sidekick.panel import panel
from assist.sidekick.waves import decide

urlpatterns = [
    path("", desk.for_staff(desk.conversations), name="sidekick"),
    path("panel/<ulid:source_id>", panel, name="sidekick_panel"),
    path("waves/<ulid:pk>/", desk.for_staff(decide), name="sidekick_wave"),
    path("<ulid:pk>/", desk.for_staff(desk.conversation), name="sidekick_conversation"),
    path("<ulid:pk>/suggestion/", desk.for_staff(desk.suggestion), name="sidekick_suggestion"),
    path("<ulid:pk>/reply/", desk.for_staff(desk.reply), name="sidekick_reply"),
    path("<ulid:pk>/act/", desk.for_staff(desk.act), name="sidekick_act"),
    path("<ulid:pk>/seen/", desk.for_staff(desk.seen), name="sidekick_seen"),
    path("<ulid:pk>/close/", desk.for_staff(desk.close), name="sidekick_close"),
]
