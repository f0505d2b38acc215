DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
# With its zone: staff and customers sit in several.
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, H:i e"
