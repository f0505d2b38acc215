from django.urls import path

from assist.receipts.views import receipt

app_name = "receipts"
urlpatterns = [path("receipts/<str:token>", receipt, name="receipt")]
