from django.contrib import admin
from django.urls import path

from assist.console.drills import drill, drills, state
from assist.console.receipt import operate, receipt
from assist.console.reports import report_csv, reports
from assist.console.sources import add, one, pause, remove, rotate, sources
from assist.console.views import try_a_message
from assist.console.waves import dismiss, open_incident_from, restore
from assist.demo.views import chat

urlpatterns = [
    path("drills/", admin.site.admin_view(drills), name="assist_drills"),
    path("drills/<str:pk>/", admin.site.admin_view(drill), name="assist_drill"),
    path("drills/<str:pk>/state/", admin.site.admin_view(state), name="assist_drill_state"),
    path("reports/", admin.site.admin_view(reports), name="assist_reports"),
    path("receipts/<str:pk>/", admin.site.admin_view(receipt), name="assist_receipt"),
    path("receipts/<str:pk>/do/", admin.site.admin_view(operate), name="assist_receipt_operate"),
    path("reports/<slug:name>.csv", admin.site.admin_view(report_csv), name="assist_report_csv"),
    path("waves/<ulid:pk>/dismiss/", admin.site.admin_view(dismiss), name="assist_wave_dismiss"),
    path("waves/<ulid:pk>/restore/", admin.site.admin_view(restore), name="assist_wave_restore"),
    path(
        "waves/<ulid:pk>/open/", admin.site.admin_view(open_incident_from), name="assist_wave_open"
    ),
    path("sources/", admin.site.admin_view(sources), name="assist_sources"),
    path("sources/add/", admin.site.admin_view(add), name="assist_source_add"),
    path("sources/<ulid:pk>/", admin.site.admin_view(one), name="assist_source"),
    path("sources/<ulid:pk>/pause/", admin.site.admin_view(pause), name="assist_source_pause"),
    path("sources/<ulid:pk>/rotate/", admin.site.admin_view(rotate), name="assist_source_rotate"),
    path("sources/<ulid:pk>/remove/", admin.site.admin_view(remove), name="assist_source_remove"),
    path("chat/", admin.site.admin_view(chat), name="assist_demo_chat"),
    path("try-a-message/", admin.site.admin_view(try_a_message), name="assist_try_a_message"),
]
