"""Whether all a reply does is call off what was agreed: "please stop", "I meant no". Pure.

To an offer many of these words say little: one may "cancel" an order, and who writes "stop" may
mean the fault. Said alone, or of the mails, right after an enrolment they undo it.
"""

import re

from assist.confirmation.tagging import QUESTION, STOP, UNSPACED, clauses_of

_CALLS_OFF = {
    "en": r"(?:stop|quit|cease|cancel)(?!.*\b(?:line|newsletters?)\b)"
    r"(?: (?:(?:e ?)?mailing|texting|messaging))?|undo|unsubscrib\w*"
    r"|opt (?:me |us )?out|no more(?=(?: (?:please|thanks|(?:e ?)?mails?|updates?|messages?))|$)"
    r"|(?:take|get) (?:me|us) off"
    r"|(?:remove|delete) (?:me|us|my (?:e ?mail )?(?:address|e ?mail))"
    r"|i (?:really |actually )?(?:mean|meant|said)(?: to say)? no(?:pe)?"
    r"|i (?:did not|didnt|never) want(?:ed)?|no longer interested"
    r"|(?:that|it|this|(?:that|the|my) yes) was (?:by |a |my |an )?(?:mistake|accident)"
    r"|(?:by|my) (?:mistake|accident)"
    r"|i (?:just )?(?:clicked|pressed|hit|tapped|chose) the wrong (?:button|one|thing)"
    r"|i (?:have )?(?:ve )?changed my mind|no (?:updates?|notifications?)$",
    "de": r"stopp?|stoppen|aufhoeren|aufhoren"
    r"|(?<!das )(?<!es )hor(?:t|en sie)? (?:bitte )?(?:damit )?auf(?: damit)?"
    r"|schick(?:t|en sie)? mir nichts mehr|abbrechen|stornieren|austragen|abmelden"
    r"|abbestellen|doch nicht|ich (?:meinte|meine|sagte|habe) (?:doch )?nein(?: gesagt| gemeint)?"
    r"|ich wollte nein sagen|keine (?:mails?|e ?mails?|updates|nachrichten) mehr"
    r"|(?:das |es )?war (?:nur )?(?:ein versehen|ein irrtum|aus versehen)"
    r"|ich habe mich (?:vertan|verklickt|vertippt)|keine (?:updates?|benachrichtigungen)$",
    "fr": r"stop|arrete[zr]?|annule[zr]?|desinscri\w*|desabonn\w*|je (?:voulais|veux) dire non"
    r"|laissez tomber|ne m ecri(?:vez|s) plus|j ai dit non"
    r"|plus de(?= (?:mails?|courriels?|messages?|nouvelles|mises a jour))"
    r"|c etait une erreur|par erreur|je me suis trompee?|j ai change d avis"
    r"|(?:pas de|aucune) (?:mises a jour|notifications?)$",
    "es": r"stop|paren|pare|para ya|basta|detengan|dejen de|cancel(?:ar|en|a|e)|(?:dar)?me de baja"
    r"|(?:quiten|saquen|borren|eliminen)me|baja|(?:quise|queria|quiero) decir (?:que )?no"
    r"|dije (?:que )?no"
    r"|no (?:quiero|queremos)(?= (?:mas )?(?:correos|mensajes|actualizaciones|avisos))"
    r"|(?:eso |esto )?fue (?:un error|sin querer)|por error|me (?:he )?equivoque|me he equivocado"
    r"|(?:he cambiado|cambie) de (?:idea|opinion)",
    "pt": r"(?:tirem?|retirem?|removam?) me|stop|pare|parem|cancel(?:ar|em|a|e)|descadastr\w*"
    r"|(?:quis|queria|quero) dizer (?:que )?nao|disse (?:que )?nao"
    r"|(?:isso )?foi (?:um engano|um erro|sem querer|engano)|por engano|me enganei|enganei me"
    r"|mudei de (?:ideia|opiniao)",
    "it": r"(?:toglie|rimuove|cancella)temi|non scrivetemi|stop|basta|ferma(?:te|tevi)?"
    r"|smett\w+(?: di)?|annull(?:a|ate|are)|cancell(?:a|ate)mi"
    r"|cancell(?:a|ate|are)|disiscriv\w+|(?:volevo|intendevo|voglio) dire (?:di )?no"
    r"|ho detto (?:di )?no|niente(?= (?:aggiornamenti|mail|email|messaggi) (?:per|grazie))"
    r"|e stato un errore|per errore|(?:mi sono|ho) sbagliat[oa]|ho cambiato idea",
    "nl": r"(?:haal|verwijder) (?:me|mij)|stuur (?:(?:me|mij) )?niets meer|stop|stoppen|ophouden"
    r"|annule(?:er|ren)|afmelden|uitschrijven"
    r"|ik (?:bedoel(?:de)?|zei) nee"
    r"|(?:dat|het) was een (?:vergissing|foutje)|per ongeluk|ik heb me vergist"
    r"|geen (?:updates?|meldingen)$",
    "da": r"fjern mig|send (?:mig )?ikke mere|stop|afmeld|annuller|jeg (?:mente|sagde) nej"
    r"|ingen(?= (?:opdateringer|mails?|beskeder) tak$)"
    r"|det var en (?:fejl|fejltagelse)|ved en fejl|jeg (?:har )?(?:tog|taget) fejl"
    r"|jeg har fortrudt|ingen (?:opdateringer|notifikationer)$",
    "sv": r"ta bort mig|skicka inget mer|stopp?|stoppa|sluta|avbryt|avregistrera"
    r"|jag (?:menade|sa) nej"
    r"|inga(?= (?:uppdateringar|mejl|mail|meddelanden) tack$)|inte anda"
    r"|det var (?:ett misstag|en miss)|av misstag|jag (?:har )?andrat mig"
    r"|inga (?:uppdateringar|notiser)$",
    "pl": r"usuncie mnie|nie piszcie wiecej|stop|przestan(?:cie)?|prosze przestac|przestac"
    r"|zatrzymaj(?:cie)?|anuluj(?:cie)?"
    r"|wypis\w*"
    r"|(?:mialem|mialam) na mysli nie|(?:chcialem|chcialam) powiedziec nie"
    r"|powiedzial[ae]m nie"
    r"|to (?:byla pomylka|byl blad)|przez pomylke|pomyl(?:ilem|ilam) sie|zmieni(?:lem|lam) zdanie",
    "tr": r"listeden cikar(?:in|iniz)|gondermeyin(?: artik)?|durdur(?:un|unuz)?"
    r"|iptal(?: edin| et)?|vazgectim|istemiyor(?:um|uz)"
    r"|aboneligi(?:mi)? iptal(?: edin)?|abonelikten (?:cik|cikar|cikarin|cikmak istiyorum)"
    r"|hayir (?:demek istedim|demek istemistim|diyecektim|dedim)"
    r"|yanlislikla(?: oldu| evet dedim)?|(?:bir )?yanlislik oldu|fikrimi degistirdim",
    "ja": r"(?:配信|通知|更新|メール)?(?:を|の)?停止(?:して(?:くだ|下)さい|を?お願いします|希望)?$"
    r"|(?:もう)?(?:やめて|止めて|とめて)(?:くだ|下)さい|不要です|取り消してください"
    r"|(?:もう)?送らないで(?:くだ|下)さい"
    r"|いいえの(?:間違い|つもり)(?:です|でした)?|いいえと言いました"
    r"|やっぱり(?:いい|結構|けっこう|大丈夫)です"
    r"|^(?:すみません)?(?:押し|クリックし)?間違え(?:ました|た)$|^(?:押し)?間違いでした$|^気が変わりました$",
    "zh": r"还是(?:不用|不要|不必|算|别发)了?"
    r"|(?:不用|不要|不必)(?!谢|客气|紧|担心|急|取消|停|退|再发)了?"
    r"|不要再发了?|算了|退订"
    r"|(?:请|^)停止(?!了|工作|服务|运)|取消|别(?:再)?发了?|我(?:是说|的意思是|说的是)不(?:要|用)?"
    r"|^(?:我)?(?:点|按|选|弄|搞)错了$|^我?改(?:变)?主意了$",
    "ar": r"احذفوني|لا ترسلوا(?: شييا)?|توقفوا|اوقف(?:وا)?|كفي|الغ(?:اء|وا)(?: الاشتراك)?"
    r"|(?:كنت )?(?:قصدت|اقصد|قلت) لا"
    r"|(?:هذا |ذلك )?كان خطا|بالخطا|غيرت رايي",
    "ru": r"удалите меня|не пишите(?: больше)?|стоп|хватит|прекрати(?:те)?|останови(?:те)?"
    r"|отмени(?:те)?|отпиши(?:те)?|перестаньте"
    r"|(?:я )?(?:имел[аи]? в виду|сказал[аи]?|хотел[аи]? сказать) нет|(?:все таки) нет"
    r"|не надо(?= (?:обновлении|писем|уведомлении))"
    r"|(?:это )?(?:была ошибка|было (?:по ошибке|случайно))"
    r"|по ошибке|я ошиб(?:ся|лась)|я передумала?",
}
_READ = {
    language: re.compile(words if language in UNSPACED else rf"(?<!\w)(?:{words})(?!\w)")
    for language, words in _CALLS_OFF.items()
}
# In these what is to stop may stand before the word for it: "Updates stoppen".
_OBJECT_FIRST = frozenset({"de", "nl", "tr", "ja", "zh"})
# In these a "no" right before a verb is its "not": "no cancelen" is no calling off.
_NO_IS_NOT = frozenset({"es", "pt", "pl", "zh", "ar"})
# The roles of courtesy, of the mails, and of a no; whatever else stands there tells more.
_COURTESY = frozenset("LKkhtbeifj")
_OFFERED = frozenset("UM")
_NO = frozenset("NZn")


def only_stops(folded: str, language: str) -> bool:
    """Whether all a folded reply says is that the updates are to stop, or that "no" was meant."""
    if QUESTION.search(folded):
        return False
    parts = [part.strip() for part in STOP.split(folded)]
    called_off = [part for part in parts if _READ[language].search(part)]
    return bool(called_off) and all(
        _is_called_off(part, language) if part in called_off else _is_courtesy(part, language)
        for part in parts
    )


def goes_on(folded: str, language: str) -> bool:
    """Whether anything is not to be called off: "don't stop"."""
    negates = _NO if language in _NO_IS_NOT else {"n"}
    return any(
        negates & set("".join(c.roles for c in clauses_of(part, language)).rstrip("ekL")[-1:])
        for one in STOP.split(folded)
        for part in _READ[language].split(one)[:-1]
    )


def _is_called_off(part: str, language: str) -> bool:
    before, *after = (_roles(one, language) for one in _READ[language].split(part))
    may_precede = _COURTESY | (_OFFERED if language in _OBJECT_FIRST else set())
    # "Stop sending me mails"
    return before <= may_precede and set().union(*after) <= _COURTESY | _OFFERED | {"T"}


def _is_courtesy(part: str, language: str) -> bool:
    roles = _roles(part, language)
    return roles <= _COURTESY or (not roles.isdisjoint(_NO) and roles <= _COURTESY | _OFFERED | _NO)


def _roles(text: str, language: str) -> set[str]:
    return {role for clause in clauses_of(text, language) for role in clause.roles}
