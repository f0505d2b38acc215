"""Names a wave in words that a title could have. Pure."""

from assist.matching.lexicon import lexicon
from assist.waves.faults import Fault

SUBJECTS = {
    "ads": "Ads", "aimodel": "AI model", "api": "API", "atm": "Cash machines",
    "billpay": "Bill payments", "cardblock": "Blocking cards", "carddetails": "Card details",
    "cardreader": "Card reader", "carrental": "Car rental", "checkin": "Check-in",
    "databalance": "Data balance", "directdebit": "Direct debits", "dns": "DNS", "esim": "eSIM",
    "eticket": "E-tickets", "evcharger": "Charging points", "exchangerate": "Exchange rate",
    "gamestore": "Game store", "identity": "Identity verification", "incoming": "Incoming payments",
    "labresults": "Lab results", "logs": "Logs", "mobileapp": "Mobile app",
    "mobiledata": "Mobile data", "mobilewallet": "Mobile wallet", "msteams": "Microsoft Teams",
    "otp": "Verification codes", "pin": "PIN", "pricetag": "Prices", "publicform": "Forms",
    "push": "Push notifications", "returnlabel": "Return labels", "savegame": "Saved games",
    "seatmap": "Seat map", "signup": "Sign-up", "sim": "SIM cards", "smartlock": "Smart lock",
    "sms": "Text messages", "sso": "Single sign-on", "standingorder": "Standing orders",
    "timetracking": "Time tracking", "topup": "Top-ups", "tv": "TV", "videovisit": "Video visits",
    "virtualcard": "Virtual cards", "voicemail": "Voicemail", "vpn": "VPN",
    "waterworks": "Water supply", "webapp": "Web app", "wifi": "Wi-Fi",
}  # fmt: skip
SYMPTOMS = {
    "blank": "blank page", "blocked": "blocked", "crash": "crashing", "declined": "declined",
    "delayed": "delayed", "disconnected": "disconnected", "down": "down",
    "duplicate": "duplicated", "error": "errors", "expired": "expired",
    "httperror": "returning errors", "loop": "stuck in a loop", "lostitem": "lost",
    "missing": "missing", "outdated": "out of date", "outofsync": "out of sync",
    "overcharge": "charged too much", "pending": "stuck as pending", "quality": "poor quality",
    "realtime": "not live", "reverted": "reverted", "shortfall": "too little", "slow": "slow",
    "timeout": "timing out", "unrecognised": "not recognised", "wrong": "wrong",
}  # fmt: skip
ANY_SYMPTOM = "not working"


def title_of(fault: Fault) -> str:
    """Name a wave as an incident's title would: "Login: not working"."""
    subject = _heaviest(fault.subjects)
    symptom = next((name for name in fault.symptoms if name in SYMPTOMS), "")
    named = SUBJECTS.get(subject, subject.capitalize())
    return f"{named}: {SYMPTOMS.get(symptom, ANY_SYMPTOM)}"


def _heaviest(subjects: tuple[str, ...]) -> str:
    """The one that tells most; of equals the one that most customers name."""
    weights = {concept.name: concept.weight for concept in lexicon().concepts}
    return max(subjects, key=lambda name: weights.get(name, 0.0))
