"""The signs that a photo is to be held, taken back, or not used; and where the same words say something else."""

from __future__ import annotations

from .phrase_lists import any_of

_PICTURE = (
    "photo|photos|pic|pics|picture|pictures|image|images|img*|message|messages|msg|upload|uploads|"
    "file|files|shot|shots|snap|snaps"
    "|attachment|attachments|selfie|selfies|screenshot|scan|scans"
)
_IT = (
    "it|this|that|them|these|those|everything|all|both|lot|one|ones|last|first|second|third|previous|"
    f"other|others|rest|what|my|any|anything|either|neither|none|{_PICTURE}"
)
_WHOSE = "the|my|our|his|her|their|that|this|those|these"
_AWAY = (
    "delete|remove|erase|bin|trash|scrap|discard|destroy|withdraw|withdrawal|unsend|undo|cancel|"
    "retract|recall|wipe|revoke|rescind"
    "|return|ignore|disregard|del|delet|rm|dispose|eliminate|purge|expunge"
)
_THROW = "drop|pull|chuck|dump|forget|block|hide|shred|burn|void|reject"
_GONE = (
    "deleted|removed|erased|destroyed|withdrawn|binned|gone|wiped|taken|cancelled|canceled|discarded|"
    "deleting|removing|erasing"
)
_USING = (
    "using|keeping|filing|sharing|showing|sending|saving|storing|posting|printing|publishing|"
    "uploading|forwarding|passing|looking"
    "|talking|laughing|commenting|opening|having|seeing|viewing|getting|putting|discussing|teaching|holding|recording"
)
_USED = (
    "used|kept|filed|shared|shown|sent|saved|stored|posted|printed|published|uploaded|forwarded|"
    "passed|seen|viewed|recorded"
)
_USE = (
    "use|keep|file|share|show|send|save|store|post|print|publish|upload|forward|pass|look|open|"
    "process|record|add|include|put|see|view"
    "|have|give|distribute|circulate|attach|submit|continue|proceed|hold|retain|read|touch|email|"
    "copy|let|allow|discuss|want"
)
_DONT = (
    "dont|never|mustnt|shouldnt|not|stop|cant|nobody|noone|without|neither|didnt|isnt|wasnt|arent|werent|shant|longer"
)
_OTHERS = (
    "anyone|anybody|other|others|people|students|them|strangers|him|her|he|she|they|dr|doctor|"
    "doctors|you|someone|staff|my|the|it|this|that|these"
)
_SOMEBODY = (
    "sister|brother|mum|mom|dad|father|mother|wife|husband|hubby|partner|boyfriend|girlfriend|friend|mate|nan|nana|son|daughter|"
    "aunt|auntie|uncle|cousin|insurer|lawyer|boss|work|vet|group"
)

AWAY = (
    f"please|can|could|to|just|and|so|want|like|you {_AWAY}",
    f"{_AWAY} please|now|it|this|that|them|these|those|all|everything|both|my|the|any|img*|{_PICTURE}",
    f"^ {_AWAY}",
    f"{_AWAY} {_WHOSE}? last|one|ones|first|second|previous|other|others|rest",
    f"{_AWAY} $",
    f"{_THROW}|throw ... {_PICTURE}|it|that|this|them|away|out $",
    f"hide|block|drop|pull ... {_PICTURE}",
    f"^ please? {_THROW} about? {_IT}",
    f"take|took|taking|pull|get|put|move ... {_IT} ... down|back|off|out|away",
    f"take|pull|get|put back|down|off|out {_WHOSE}? {_IT}",
    f"get|got|getting rid ... {_IT}|$",
    "pretend ... never|didnt|not",
    f"need|needs|want|wants|like|have|get|must|should|be|possible ... ... {_GONE}|erased",
    f"{_PICTURE} {_GONE} please|now|$",
    f"make|making sure ... ... {_GONE}",
    "rub|rubbed|blot ... out",
    "make ... disappear|vanish",
    f"want|like|have|get|give ... {_PICTURE} back",
    f"{_PICTURE}|it|that|this|them ... to be {_GONE}",
    "opt out",
    "not|longer ... needed|required|necessary|wanted|relevant",
    "dont|longer need|want ... one|photo|picture|pic|it anymore|any|now",
    f"{_IT} ... can|may|should|must|needs|need|has|have|can|could to? go $",
    "can|could|may|let it|that|this|they|them go $",
    "erasure|deletion|takedown|unsee|autosend|autosent",
    f"kill|clear|erase|nuke|ditch|lose|unshare|scratch {_WHOSE}? {_IT}",
    f"swap|replace ... {_PICTURE}|one",
    "want|need|like everything|all|anything ... ... deleted|removed|erased|gone|destroyed|wiped",
    "quita|quite|quitar|saca|saque ... foto|photo|imagen|eso",
    f"{_AWAY}|{_THROW}|ditch|shift|lose|clear ... ... photo|photos|picture|pictures|pic|pics|image|images",
    f"keep|cut|swap|take|get ... {_PICTURE} ... from|out|over|removed|deleted",
    f"{_PICTURE}|it|that|they should|must|needs|ought ... thrown|deleted|removed|destroyed|away|gone",
    f"make ... {_PICTURE}|it|that|this ... go|gone|away",
    f"{_PICTURE}|mine|it|that|this , {_AWAY} it|them|that|please|$",
    "withdrawing from|my|the|this|it|$",
    "me|us|him|her off|from your|the|my? list|records|record|system|files|books|database|study|register",
    f"take no notice ... {_IT}|$",
    "take|get me|him|her|us out of|from",
    "out of|from my|the|your? record|records|file|files|system|chart $",
    "pulling|pull|drop|dropping|back|backing|bowing out of|$",
    "want|need out $",
    "would you mind deleting|removing|erasing",
    "opting|opted out",
    "abort|revoke|unsend|undo|nvm",
    "borrar|borra|borre|borrala|borralo|eliminar|elimina|elimine|eliminala|supprimer|supprime|"
    "supprimez|effacer|efface|effacez",
    "loschen|losche|loscht|cancellare|cancella|cancellate|cancelli|eliminare|apagar|apaga|apague|excluir|"
    "verwijder|verwijderen|wissen|usun|sil",
    "hapus|burahin|xoa|radera|slett|poista|izbrisi|smazat",
)
WRONG = (
    f"wrong {_PICTURE}|one|chat|person|number|patient|button|child|kid|thing|way|folder|account|group|"
    "conversation|recipient|window"
    "|place|app|contact|thread|room|doctor|album|gallery|baby|boy|girl|family|side|body $",
    f"wrong {_PICTURE}|one|chat|person|number|patient|button|child|kid|folder|account|group|"
    "conversation|recipient|window|contact",
    "not|wasnt|isnt|never|didnt ... meant|supposed|intended|mean",
    "meant|intended for|4",
    "meant|intended|supposed for|to send|go|be|share|upload|attach|post|come",
    "not|wasnt|isnt|never for you|here|the|your|consentry ... you|practice|doctor|clinic|chat|$",
    "^ no? no? no? not this|that|it one|photo|pic? $",
    "hold of my|the? phone|ipad|tablet|mobile",
    "wrong pick",
    "sat|sitting|leant|leaned|lay|rolled on my|the|his|her phone|mobile|ipad|tablet",
    "finger slipped",
    "wrong leg|arm|foot|knee|hand|finger|toe|ear|eye|side sorry|$",
    "duplicate",
    "sent twice",
    "playing with|on my phone",
    "kid|kids|son|daughter|child|baby|toddler|cat pressed|sent|hit|pushed",
    "should have gone|been ... to|for",
    "not what i|we wanted|meant",
    "wish|never|shouldnt ... sent|send",
    "shouldnt ... sent|shared|uploaded|here|there|come|gone|on|in|seen|see|have",
    f"{_PICTURE}|one|it|that|this|one|first|second|sent|send|uploaded|attached|posted|shared|pressed|"
    "hit ... mistake|accident|error",
    "sent ... in error|haste",
    "sent|went|uploaded|posted ... itself|themselves",
    "sent|went ... on its own",
    "for my? ... eyes only",
    "too early|soon",
    "mistake|accident|accidentally|mistakenly|mistaken|inadvertently|unintentionally ... "
    f"sent|send|uploaded|attached|posted|shared|hit|pressed|added|{_PICTURE}|selected|picked|chose",
    f"sent|uploaded|attached|posted|shared|hit|pressed|added|{_PICTURE} ... accidentally|mistakenly|"
    "inadvertently|unintentionally",
    "^ a? my? by|in? mistake|accident|error",
    "was|is|its|were my|a|by|an|all mistake|accident|error|fault",
    "oops|whoops|oopsie|ooops|woops|whoopsie",
    "pocket dial*|sent",
    "never mind",
    "changed|change|changing my|me|our|her|his mind",
    "thought better",
    "regret sending",
    "second thoughts",
    "had|having a|some rethink|doubts",
    "reconsidered|reconsidering|rethinking",
    f"it|this|that|{_PICTURE} was|is for my|his|her|our|their|a|the {_SOMEBODY}",
    "somebody|someone elses",
    "sent ... ... by|in accident|mistake|error",
    "dont|doesnt|didnt|not feel|sit|seem right|comfortable|good|ok|okay|great|well about|with",
    "pressed|hit|pushed|tapped|touched|clicked send",
    "not an? actual|real|medical photo",
    f"{_PICTURE}|that|this|it is|was|its private|personal",
    "thats|its ... private|personal $",
)
NOT_TO_USE = (
    f"{_DONT} ... {_USE} ... {_PICTURE}|it|this|that|them|these|those|any|anything|everything",
    f"{_DONT} ... {_USE} $",
    f"{_DONT} ... go|reach|end|land to|up? anyone|anybody|anywhere|others|people|them|him|her",
    f"{_DONT} ... {_USE} please|anymore|any|yet|anywhere|for|to|with|until|about|after|again|at|on",
    f"{_DONT} ... {_USING} ... {_PICTURE}|it|this|that|them|these|those|my|any",
    f"{_DONT} ... be ... {_USED}|on|in|out|online|there",
    f"not|never|isnt|arent|wasnt|shouldnt|cant be? {_USED}",
    f"{_DONT} ... {_USE} ... anyone|anybody|others|people|outside|everyone",
    "ne? montre*|montrez|partage*|utilise*|garde* ... personne",
    "ne? garde*|gardez|utilise*|utilisez|montre*|montrez|partage* pas|rien",
    "nicht ... behalten|speichern|verwenden|zeigen|benutzen|weitergeben|teilen",
    "no|non|nao guarde*|use*|usar|usare|compartir|mostrar|mostrare|conservare|tenere|quiero|voglio|quero",
    f"{_PICTURE}|it|this|that ... not|never ... {_USED}",
    f"dont|didnt|never|not|longer want|wanted|wish|wishing|wanting|like ... {_OTHERS} ... {_USING}|{_USED}|to|{_USE}",
    f"dont|didnt|never|not|longer want|wanted|wish|like ... {_PICTURE}",
    "dont|didnt|never|not|no|longer want|wanted|wish|like it|this|that|these|them|any? anymore|any|"
    "more|now|after|please|sorry|$",
    "dont|didnt want to? be? to|part|involved|shared|continue|proceed",
    f"no need ... {_USE} ... {_IT}",
    "^ actually? no? please? just? dont|never show|share|forward|publish|post|pass|print",
    "hold off|back on|with|that|it|the",
    f"doesnt|dont want ... {_PICTURE}|it|this|that|them|these ... there|here|up|{_USED}",
    f"{_DONT} keep|save|file|store|use|share|show ... first|second|third|last|other|one|top|bottom",
    f"cease|quit|refrain ... {_USING}",
    "dont use|show|share|post|put my|his|her face|name|leg|body|hand|case",
    f"{_DONT} hang|hold|keep on to|on|hold",
    f"{_PICTURE} ... {_DONT} be with|there|here|in|on",
    f"no more {_USING} ... {_PICTURE}|it|this|that|them",
    "^ no|please? please|just|no? dont please? $",
    "never|hadnt ... exist*|happened|sent|taken|been",
    "nobody|noone else|but $",
    "rather|prefer|sooner|happier ... ... isnt|wasnt|werent|arent|didnt|dont|nobody|noone|stay|stayed|stays|kept|left",
    "feel|feels|feeling|felt ... funny|weird|uneasy|uncomfortable|odd|unsure|queasy about|with",
    f"want|need|like {_IT} ... pulled|down",
    f"no to my|the|that|this|any? {_PICTURE}|it|using|sharing|being|having",
    "keep ... to yourself|yourselves|ourselves",
    "so|that nobody|noone|no one? can? sees|see|uses|use|reads|looks|look|knows",
    "rather|prefer|want|like nobody|noone|none|no one? ... look*|see*|saw|seen|use*|keep|kept|know*|read*",
    "and|but|to nobody|noone|no one? else",
    "said|was|were yes|ok|okay|happy|fine ... but|and ... its|is? no|not $",
    f"dont|didnt like ... ... {_PICTURE}",
    f"keep ... {_PICTURE} ... out|off|away",
    f"may|must|can|should|do not|never ... {_USE} my|the|these|this|those|her|his|our",
    f"nobody|noone|none ... is|should|may|can|to|must ... {_USE}",
    f"no one ... is|should|may|can|to|must ... {_USE}",
    f"no {_PICTURE} ... ... shared|shown|used|kept|stored|saved|filed|to",
    "rather|prefer|like you|it|they|that|if|we ... not|didnt|dont|wasnt|isnt|wouldnt|werent",
    "keep it|this|that|them|these ... private|confidential|secret|off|out|between",
    "^ no keep $",
    "only|just dr|doctor|gp|my ... to|may|can|should see|look|have|view",
    "no save|share|publish|post",
    "not for teaching|sharing|research|students|publication|publishing|public|anyone|anybody|others|"
    "social|facebook|use|training|website",
    "except|only|just|but ... dr|doctor|gp|you|my $",
    "stop using|sharing|showing|sending|filing|keeping|it|this|that|everything|all|please|storing|"
    "posting|now|processing|right|there",
    "please|on|no|wait|oh|ok|yes stop $",
    "^ wait wait",
)
CONSENT_BACK = (
    "withdraw*|withdrew|revok*|retract*|rescind*|cancel*|take|taking|remov* ... consent|permission|"
    "agreement|authority|authorisation",
    "dont|no|not|never|longer|cant|wont|didnt|havent|refuse|do ... agree*|consent|consented|"
    "permission|permit|allow|authori*|approve*",
    "refuse|refuses|object|objects|decline|declines",
    "no longer ok|okay|happy|comfortable|fine|agree|consent|want",
    "answer is ... no $",
    "dont|doesnt want either|neither|any|both|one",
    "against my|her|his|our|their will|wish*",
    "without my|her|his|our|asking|any? consent|permission|ok|asking|knowledge|me",
    "not ok|okay|happy|comfortable|alright|fine|cool|keen with|about|for|to|that|having|being|$",
    "nobody|noone asked me|us|her|him",
    "no|any right|business to",
    "didnt ask for|you|to",
)
_DAYS = (
    "monday|mon|tuesday|tues|tue|wednesday|wed|thursday|thurs|thur|friday|fri|saturday|sat|sunday|sun|today|tomorrow|tonight|"
    "appointment|appt|booking|visit"
)
_GROWTHS = (
    "mole|moles|wart|warts|tag|tags|lump|lumps|cyst|cysts|spot|spots|toenail|nail|tooth|tattoo|growth|verruca|skin"
)
# Where they stand, the same words say the opposite, or tell what was done to a body.
NOT_MEANT = any_of(
    "not sending a|any|another|you|more",
    "didnt|dont have to $",
    f"cancel|cancelling|cancelled|drop my|our|the|his|her|for|on? {_DAYS}",
    f"{_GROWTHS} that|which|is|are? i|we|he|she|id|you? ... want|wants|wanted|need|needs|like|have|get|be ... ... taken|removed|"
    "cut|burnt|frozen",
    "dont|didnt|do worry|mind|laugh|forget to|about",
    "never|dont|didnt|not|cant see|had|have|seen|noticed ... before|this|any|a|anything|like|it",
    "i|we|he|she dont|didnt|cant|never use|see|have|open|put|touch|look|get|read|hold|add|pass",
    "i|we|he|she|it dont|doesnt|didnt have|know",
    "^ dont|doesnt|didnt have|know",
    "doesnt|didnt look",
    "dont look like|good|right|bad|normal|nice",
    "cant|couldnt|hard|difficult see|show|get|take|put|open|reach|look|photograph",
    "doesnt|isnt|didnt|wont|cant stop|open|look|hold|close",
    "dont|not|didnt|never want it|this|that|to to? get|spread|scar|grow|hurt|become|turn|leave|go|"
    "worsen|bother|waste|lose|come|happen",
    f"dont|didnt|not|never want|need it|that|them|this to? be? {_GONE}|{_AWAY}",
    "no need|urgency|hurry|rush to reply|answer|call|ring|worry|come|respond",
    f"take|took|cut|pull*|remove* the|a|my|his|her|this {_GROWTHS} back|off|out|away",
    "remove*|removing|take|took|pull*|get|got|put the|a|my|his|her|this|some? stitch*|splinter|tick|staple*|"
    "bandage|dressing|mole|"
    "wart|scab|cast|sutures|plaster|thorn|lump|spot",
    "put it|them back",
    "not urgent|sure|too|so|as|much|bad|very|painful|itchy",
    "keep ... eye|clean|dry|covered|scratching|coming|getting",
    "deleted|lost my|the|all? old? photo|photos|picture|pictures|pics|ones by|in mistake|accident|error",
)
# What is said of others stands, whatever it says: "if you didn't have it".
OTHERS_NOT = any_of(
    "rather|prefer not have|keep|share|show|use|be",
    "make|making it|sure ... so|that? ... cant|doesnt|dont|wont|nobody|noone ... see|find|open|look",
    "if|that|wish you|they|nobody|noone didnt|dont|hadnt|havent ... have|keep|see|seen|hold|it|this|that|them",
)
KEEPS = any_of(
    f"dont|not|never|wont|didnt|wasnt ... need|have|want ... {_AWAY}|{_GONE}|withdrawing",
    f"dont|not|never|please|wont|cant ... not? dont {_AWAY}|{_THROW}|withdrawing",
    "dont|not|never|wont|didnt|cant|isnt you|to|please|ever|mean|want|need|go|be|actually? to|me|it|"
    f"them|that|have|be? {_AWAY}|{_GONE}"
    "|deleting|withdrawing|removing|erasing|cancelling",
    f"dont|not|never|wont|didnt {_AWAY}|deleting|withdrawing|removing|erasing|cancelling",
    "dont|didnt take|get|throw|pull|rid ... down|off|back|away|rid|out",
    "keep|leave|save|store|retain|stays|stay|use it|this|that|them|there|photo|the|my|$|please|in|for|on",
    "can|may|should|to|doctor|dr|you|must|want|like keep|have|use|stay",
    "still|just|do want|need|wants|needs it|that|this|them? $",
    "need|needs it|that|the? photo? $",
    "just|only tidying|clearing|cleaning",
    "^ please? no? please? keep|leave $",
)
KEEPING_NOT = any_of(
    "keep ... out|off|away",
    f"{_DONT} ... want|need|to|you|him|her|them|it|have|like? ... keep|leave|save|store|use|retain",
    "no need ... keep|leave|save|store|use|retain",
    "dont|not|never|longer want|need|like it|this|that|them",
)
NOT_DELETED = any_of(f"dont|didnt|never|not want|need|mean it|that|them|this to? be? {_GONE}")
WANTED = any_of(
    "want|wants|need|needs|like the|my? doctor|dr|nurse|you|her|him|them to see|have|keep it|that|this|them|$",
    "only|just want|wanted|need|needed it|that|this off my|the? phone|chat|camera|gallery|screen",
)
UNWANTED = any_of("dont|didnt|not|never|longer want|wants|wanted|need|needs|like")
AWAY_ALL_THE_SAME = any_of(
    f"leave|keep ... {_PICTURE} ... out|away|from",
    f"have|get|having|getting {_IT} ... deleted|removed|erased|destroyed|binned|wiped|withdrawn",
    f"have|get|having|getting the|my {_PICTURE} ... deleted|removed|erased|destroyed|binned|wiped|withdrawn",
)
BY_MISTAKE = any_of("by|in mistake|accident|error", "mistake|accidentally|accident|mistakenly $")
