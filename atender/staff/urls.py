from django.contrib import admin
from django.urls import path

from atender.staff import views
from atender.staff.account import account

urlpatterns = [
    path("account/", admin.site.admin_view(account), name="account"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    # The sign-in page links to this name.
    path("password-reset/", views.AskForReset.as_view(), name="admin_password_reset"),
    path("password-reset/asked/", views.ResetAsked.as_view(), name="password_reset_done"),
    path("password-reset/done/", views.ResetDone.as_view(), name="password_reset_complete"),
    path(
        "password-reset/<uidb64>/<token>/",
        views.ResetPassword.as_view(),
        name="password_reset_confirm",
    ),
]
