"""The words by which people refuse, in every language that is judged, for each place that asks.

The lists differ since the questions do: "cancel" calls off what was agreed a moment ago, and says
little of an offer; a mail's line may begin with a yes as well.
"""

# Refusals in plain words, to which courtesy or a word of complaint adds nothing.
REFUSES = {
    "en": r"no|nope|nah|naw|never ?mind|unsubscrib\w*|stop|cancel that|forget (?:about )?it"
    r"|rather not|prefer not|not interested|no more|no need|leave me alone|remove me"
    r"|opt(?: me)? out",
    "de": r"nein|nee|ne|noe|lieber nicht|abmelden|abbestell\w*|doch nicht|stopp?",
    "fr": r"non|annulez?|desinscri\w*|desabonn\w*|arretez|plutot pas|stop",
    "es": r"no|mejor no|cancel\w*|baja|olvid\w*",
    "pt": r"nao|melhor nao|cancel\w*|esquec\w*|descadastr\w*",
    "it": r"no|meglio di no|annull\w*|cancell\w*|lasci\w* (?:stare|perdere)",
    "nl": r"nee|neen|liever niet|toch (?:maar )?niet|afmelden|laat maar|stop",
    "da": r"nej|helst ikke|alligevel ikke|afmeld\w*|glem det|stop|ellers tak",
    "sv": r"nej|helst inte|anda inte|avregistrera\w*|avsluta\w*|glom det|stopp?",
    "pl": r"nie|rezygnuj\w*|wypis\w*|jednak nie|raczej nie",
    "tr": r"hayir|yok|istemiyor\w*|istemem|vazgec\w*|iptal|bosver\w*|gerek yok",
    "ja": r"いいえ|いや|やめ|不要|いらな|要らな|取り消|しないで",
    "zh": r"不用(?!谢|客气|担心)了?|不要|不需要|不了|不必|不想|算了|别|取消|退订",
    "ar": r"لا|كلا|الغاء|بلاش",
    "ru": r"нет|не надо|не нужно|отпис\w*|отпиш\w*|отмен\w*|передумал\w*|не хочу",
}

# All by which what was agreed is called off, where nothing else is said.
CALLS_OFF = {
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

# A line that begins so is an answer, and nobody's name.
ANSWERS = frozenset(
    "no nope nah never not dont stop cancel unsubscribe yes yep yeah nein nicht ja non oui sí não"  # noqa: SIM905
    " nee neen nej nie hayır yok evet нет не да".split()
)
