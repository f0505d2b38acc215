"""Words for a program rather than for a company: no model sees them, and they are no yes."""

import re

_IT = r"this|that|all|any|every\w*|the|your|my|previous|prior"
_IGNORE = (
    r"ignorier\w*|vergiss|vergesst|missacht\w*|oublie\w*|ignore\w*|ignora\w*|olvida\w*|esque[cç]\w*"
    r"|dimentica\w*|trascura\w*|negeer\w*|vergeet|zignoruj\w*|ignoruj\w*|zapomnij|ignorera|glöm"
    r"|ignorer|glem|yoksay|unut|игнорируй\w*|забудь\w*|تجاهل\w*|انس"
)
_THIS = (
    r"das|dies\w*|alle\w*|deine|ihre|ça|cela|ceci|tout\w*|les|esto|eso|tod[oa]s?|tus|isto|isso|tudo"
    r"|questo|quello|tutt\w*|le|dit|alles|deze|to|wszystk\w*|detta|allt|dette|alt|bunu|her|это|все\w*"
    "|هذا|كل|ما"
)
_RULES = (
    r"anweisung\w*|instruction\w*|instruccion\w*|instru[cç]\w*|istruzion\w*|instructies"
    r"|instrukcj\w*|instruktion\w*|talimat\w*|инструкци\w*|التعليمات|تعليماتك"
)
TO_THE_MACHINE = re.compile(
    rf"[{{}}`]|\b(?:ignore|disregard|forget|override)\s+(?:{_IT})\b"
    rf"|\b(?:{_IGNORE})\s+(?:\w+\s+)?(?:{_THIS})\b|\b(?:{_RULES})\b|忽略|无视|無視"
    r"|\b(?:your|these|previous|prior|new|following)\s+instructions?\b|\bprompt\b|\bschema\b"
    r"|\b(?:system|assistant|user)\s*:|\b(?:answer|output|respond|return)\s+(?:with\s+)?\W?yes\b"
    r"|\byou are (?:now|an? (?:ai|model|bot))\b",
    re.IGNORECASE,
)
