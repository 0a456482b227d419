"""The signs of what may be an emergency, kind by kind, as `phrases` reads them. A practice adds its own in its configuration."""

from __future__ import annotations

_CANT = "cant|hardly|barely|unable|struggl*|fight*"
_NOT = "not|isnt|wasnt|wont|cant|dont|doesnt|didnt|hasnt|havent|never|stopped|refus*"
_TROUBLE = "difficult*|trouble|hard|harder|problem*"
_BREATH = (
    "breath|breathe|breathing|breaths|breth|brethe|brething|breathin|breeth|breethe|breething|breave|breaving|breef"
)
_PILLS = (
    "pills|tablets|pill|tablet|panadol|paracetamol|tylenol|ibuprofen|nurofen|medication|meds|"
    "medicine|capsules|sleepers|insulin"
)
_POISONS = f"bleach|batter*|magnet*|poison*|detergent|dishwash*|pod|pods|petrol|acid|pesticide|mushroom*|berries|plant|{_PILLS}"
_SELF = "myself|himself|herself|themselves|themself"
_LIMB = "arm|arms|leg|legs|side|face|hand|hands|feet|body"
_STINGER = "snake|snakes|spider|redback|funnel|octopus|jellyfish|stonefish|scorpion|adder|viper|rattlesnake|cobra"

# Nothing before these takes them back: they say "not" themselves.
UNABLE = (
    f"{_CANT} ... {_BREATH}",
    "cant|not get|getting|catch ... air|breath|oxygen",
    f"{_NOT}|stops {_BREATH}",
    f"{_NOT} respond*",
    f"{_NOT}|hard|difficult to? ... wake|waking|wakes|rouse|rousing",
    "cant ... stay|keep ... awake|conscious",
    f"bleed*|blood ... {_NOT} ... stop*",
    f"{_NOT} stop|stopping the? bleed*",
    "bleed* like",
    f"spots|rash|dots|blotches ... {_NOT} ... fade|fading|disappear|blanch*|vanish|press*",
    f"baby|newborn|infant|bub|he|she ... ... {_NOT} feed*|drink*|mov*|kick*",
    "no|not movement|moving|kicks|kicking today|since|anymore",
    "no|not|hasnt|havent ... wet nappies|nappy",
    "cant ... hold|keep his|her|my? head up",
    "cant pee|wee|urinate",
    f"{_NOT}|arent making|make any|much? sense",
    "no pulse|heartbeat",
    f"{_NOT} feed*|nurse|suck",
    "if|when i|im was|were|am? gone|dead|not",
    "no|not|lost|losing feeling|movement|power ... legs|arms|leg|arm",
)
BREATHING = (
    "puffer|inhaler|ventolin|reliever ... not|isnt|doesnt|wont|empty",
    "asthma attack",
    "drowned|drowning|strangled",
    "breathless|breathlessness|gasping|suffocating",
    "gasp* for",
    "wheez*",
    "no|enough air|oxygen",
    "turn*|going|gone|went blue|grey|gray",
    "grunting",
    "ribs ... suck*|pull*|in",
    "sucking|pulling ... ribs",
)
CHEST = (
    "pain*|it|goes|going|spread* ... down|into|to|up my|his|her|the? left? arm|jaw",
    "palpitations",
    "tearing|ripping pain|feeling",
)
SWELLING = (
    "eyes ... swollen|swelled|swelling shut|closed",
    "anaphyla*",
    "allergic reaction|shock",
    "epipen|epi",
)
CONSCIOUSNESS = (
    "unconscious|unconcious|unresponsive|comatose",
    "lost|losing|loss of? consciousness",
    "collapse|collapsed|collapsing",
    "pass|passed|passing|black|blacked|blacking out",
    "fainted|fainting",
    "seizure|seizures|convuls*|fitting",
    "having|had|has|have a|another|some fit|fits|febrile",
    "out cold",
    "in and out of consciousness|it",
    "eyes ... roll*",
    "vision ... black|going|gone|blurry|tunnel",
    "gone|went|going white|pale|cold ... clammy|floppy|sweaty|white|blue",
    "leg|foot|arm|hand|fingers|toes ... cold|white|blue|numb|pale ... cold|white|blue|numb|pale",
    "bad|serious fall|accident|crash",
    "knocked out",
    "head ... vomit*|throwing|unconscious|sick",
    "head injury",
    "hypo",
)
STROKE = (
    "slur*",
    "one|left|right side ... ... numb|numbness|numbed|weak*|paralys*|gone|dead",
    "gone|went|going|suddenly blind",
    "paralysed|paralyzed",
    "cant lift|raise|move|use|feel ... arm|leg|hand|side|face|fingers ... suddenly|anymore|at|and|since|today|now",
    "half my|his|her|the face|body",
    "one|uneven pupil|pupils",
    "a|mini|had|having stroke $",
    "stroke|strokes symptom*|signs",
    "lost|losing ... vision|sight|speech|eyesight",
    "vision|sight|eyesight ... went|gone|lost",
    "worst|thunderclap|sudden* headache|migraine",
)
BLEEDING = (
    "bleeding to death|out",
    "haemorrhag*|hemorrhag*",
    "cut|chopped|sliced|ripped|torn off ... finger|fingers|toe|thumb|hand",
    "finger|toe|thumb|hand ... come|came|chopped|sliced off",
    "soak* ... pad|pads|towel|towels|sheets",
    "bone ... sticking|poking|coming out|through",
    "black ... tar|tarry",
    "massive|huge clot|clots",
    "gush*|spurt*|squirt*",
    "finger|fingers|toe|thumb|hand cut|torn|bitten off",
    "hanging off",
    "through my|his|her hand|foot|leg|arm|neck|eye|chest",
    "artery",
    "amputat*",
    "see|seen|showing|exposed ... bone|tendon",
    "stabbed|gunshot",
    "been|got|was shot",
)
BURN = (
    "burn|burns|burned|burnt|burning|scald* ... whole|large|half|entire|genitals|electric*|chemical|acid",
    "burn|burns|burned|burnt|scald* ... face|chest|airway",
    "whole|half|entire ... burn|burned|burnt|scald*",
    "electrocut*",
    "house|on fire",
    "gas leak|gas",
    "hit|run|struck|knocked ... by|over ... car|truck|bus|bike",
    "skin ... coming|falling|sliding off",
)
POISON = (
    f"bit|bitten|bite|stung|sting ... {_STINGER}",
    "snakebite|snakebit|redback",
    "overdos*",
    f"too many|much ... {_PILLS}",
    f"all|whole|handful|packet|bottle|box ... {_PILLS} $",
    f"ate|eaten|ingest*|got|drinking|eating|drink|swallow ... ... {_POISONS}",
    "swallowed|swallows|drank|drunk",  # whatever it was: food and drink are taken out before
    "detergent|bleach|drano ... drink",
    "double|triple|twice the? dose|doses",
    "funnel web",
    "poison|poisoned|poisoning|venom*",
    "took|taken|drank|swallowed|had ... whole|entire|all ... bottle|packet|box|lot|them",
    f"10|12|15|16|18|20|24|25|30|32|40|50|60|80|90|100|twenty|thirty|forty|fifty|many ... {_PILLS}",
    "carbon monoxide",
)
SELF_HARM = (
    "suicide|suicidal",
    f"kill|killing|hurt|hurting|harm|harming|hang|hanging|drown|shoot|stab|starve ... {_SELF}",
    "kms",
    f"cut|cutting|burn*|hurt {_SELF} again|deliberately|tonight|and|to|so|because",
    "self harm*|injur*",
    "myself|himself|herself on purpose",
    "do myself|himself|herself in",
    "selfharm*",
    "nobody|noone|one would|will miss|care",
    "life ... not|isnt worth",
    "isnt worth living",
    "knife|blade|razor|rope|gun ... ... myself",
    "end|ending|take|taking my|his|her own? life",
    "point of|in living|life|anything",
    "disappear forever",
    "going|about to jump",
    "pills|tablets ... ... take|taking them|all",
    "want|wants|wanting|wish ... die|dead",
    "wish i was|were|wasnt|werent dead|alive|here|born",
    "dont want ... live|exist|alive",
    "cant do this any*|life",
    "no|dont see|any way out",
    "goodbye cruel|forever|everyone",
    "plan* to end|die|kill",
    "do something stupid|silly|bad|drastic|terrible",
    "do|doing it to myself",
    "not|dont|isnt feel? safe with|on|alone|myself",
    "enough of life|living",
    "tired|sick of living|life|being",
    "cant cope|take any*|it|this",
    "give|giving|given up on life|living|everything",
    "say|saying goodbye",
    "overdose|od on|tonight",
    "better off dead|without",
    "no reason|point ... live|living|on",
    "nothing ... live for",
    "cant go on",
    "voices ... telling|say|tell",
    "jump off|in|under|from",
    "cut|cutting|slit|slashed my|her|his|both|their wrist|wrists",
    "jump ... bridge|roof|train|building|cliff",
)
BABY = (
    "baby|newborn|infant|bub|child|son|daughter|toddler|he|she|hes|shes ... blue|floppy|limp $",
    "baby|newborn|infant|bub|child|toddler ... blue|floppy|limp|grey|gray|stiff|jerking|lifeless|unresponsive|shaking",
)
INFECTION = (
    "meningitis|meningococ*|sepsis|septic",
    "glass test",
    "rigors",
    "red line|streak|streaks ... up",
    "mottled",
    "purple|dark|red spots|dots|blotches|rash ... all over|spreading",
    "purple spots|dots|blotches|rash",
    "hurt*|pain*|cry* ... light",
    "temp|temperature|fever ... 40|41|42|104|105|106",
    "heatstroke",
)
# Signs that are one only together, in one sentence, in whatever order and however far apart. ";" parts phrases.
PAIRS = (
    (
        "lip|lips|tongue|tounge|toung|tung|throat|throte|face|mouth|airway|airways|windpipe",
        "swell*|swollen|swolen|clos*|tight*|tite|puff*|blue|block*|balloon*|thick|blow*|numb|numbness|numbed|tingl*",
    ),
    ("tongue|throat|throte|airway|windpipe", "bigger|huge|enormous|massive|stuck|lump|funny|itch*"),
    (
        "chest|chess|chist|heart|hart|cardiac",
        "pain*|pane|panes|hurt*|tight*|tite|pressure|ache*|aching|crush*|squeez*|heavy|heaviness|sitting|weight|elephant|racing|"
        "pounding|stopped|stopping|irregular|skipping|flutter*|funny|wrong|fast|explode|exploding|burst*|attack|atack|attak|"
        "arrest|killing|jaw|sweat*|clammy|stab*",
    ),
    (
        f"{_BREATH}|air",
        f"{_TROUBLE}|short|shortness|strange|rapid*|quick*|fast|funny|bad|badly|worse|weird|shallow|heavy|noisy|laboured|labored|"
        "struggl*|fight*|pain*|hurt*|stab*|grunt*|enough",
    ),
    (
        "face|mouth|smile|side|eye|eyes|arm|leg",
        "droop*|drop*|lopsided|fallen|crooked|sideways|uneven|dead|weak*|paralys*",
    ),
    ("speech|words|talk*|speak*", "slur*|funny|weird|gibberish|nonsense|strange|jumbl*|wrong"),
    ("sudden*", "numb|numbness|numbed|weak*|blind*|confus*|vision|sight|severe|agony|words|speech|collaps*"),
    (
        "blood|bleed*|nosebleed",
        "lot|lots|heaps|loads|buckets|badly|heavy|heavily|everywhere|profusely|nonstop|uncontrollably|pour*|gush*|spurt*|spray*|"
        "squirt*|pump*|drip*|soak*|pool|losing|lost|vomit*|throw*|cough*|spit*|puk*|stool|poo|poop|pregnant|hour|hours|ear|ears|"
        "through|clot|clots|head|dizzy|faint*|clammy|keeps|flowing|running",
    ),
    (
        "cut|cuts|burn*|hurt|fall|fell|wound|stitch*|injur*|crash",
        "badly|bone|artery|tendon|unconscious; need|needs help",
    ),
    (
        "newborn; week|weeks|wk|wks|days old; 1|2|3 month|months|mth|mths",
        "38|39|40|41|fever|temp|temperature|hot|boiling",
    ),
    (
        "39|40|41|42|104|fever|temp|temperature; burning up",
        "confus*|drows*|sleepy|floppy|stiff|delirious|shiver*|rigor*|shak*|fit|fitting|mottled|light",
    ),
    ("hot|boiling|burning", "shak*|shiver*|confus*|drows*|floppy|delirious"),
    ("eye|eyes", "petrol|acid|bleach|chemical*|lime|cement|glue|detergent"),
    ("rash|spots|dots|blotches", "press*|glass"),
    ("thoughts", "bad|dark|scary|horrible|awful|harming|hurting|ending"),
    ("scared|afraid|frightened|might|will|ill", "do something|anything"),
)
# Each is no sign alone. Two of different kinds in one message may be one, in words that nobody thought of.
WORRIES = (
    "drows*|sleepy|lethargic|confus*|delirious|unconscious|unresponsive|muddled|vague|staring|stares|stared|"
    "gibberish|quiet|asleep; "
    "not right|himself|herself|myself|answering|responding|with it; passed|passing|blacked out",
    "vomit*|spew*|chuck*|faint*|dizzy|collaps*|clammy|sweat*|pale|grey|gray|limp|floppy|mottled|blotchy|spinning|"
    "woozy|nausea*|weak; "
    "feel|feeling|really|so|being|been sick|crook|unwell|awful|terrible|horrible|off",
    "shak*|shiver*|rigor*|boiling|freezing|fever*|temp|temps|temperature|39|40|41; burning up|hot; hot and; "
    "bright red; the shakes; on fire",
    "head|chest|throat|tongue|heart|breath*|pulse|jaw|ribs|skull|eyeball|windpipe|voice",
    "bone|artery|tendon|clot|clots|gush*|spurt*|pour*|soak*|blood|bleed*|miscarr*|pads",
    "fell|fall|fallen|crash*|hit|hitting|bang*|bump*|knock*|stabb*|shot|bash*|crush*|trapped|thrown|explo*|mangled|"
    "impaled|whack*; run over",
    "sudden*|severe|agony|unbearable|scream*|massive|uncontroll*|worst|nonstop|constantly|rapidly; so much; "
    "just happened; by the minute; "
    "from|of nowhere; all at once; twice|double the size; hours now; non stop; like a tap; since the fall; "
    "every time; right now; wont go down",
    "cant|hardly|barely|wont|doesnt ... stand|get|walk|move|see|speak|talk|feel|sit|wake|answer|eat|drink|pee|wee|"
    "stop|lift|use|swallow|"
    "open|bend|hold; lost control|feeling|vision|movement|use; bladder|bowel; just hangs",
    "gave|giving|gone way|under|from",
    "newborn|pregnant|preggers|diabetic|diabetes|chemo|transplant|warfarin|immunosuppressed|surgery|csection|"
    "replaced; c section; "
    "weeks|wks|month|months|days old|pregnant; 20|21|22|23|24|25|26|27|28|29|30|31|32|33|34|35|36|37|38|39|"
    "40 weeks|wks; the op|operation",
    "swallow*|drank|drunk|overdos*|knife|razor|rope|zap*|electric*|cleaner|bleach|petrol|acid|chemical*|wire|fumes|smoke|poison*",
    "die|dead|kill*|scared|afraid|help|tonight|urgent*|hurry|terrified|panic*|doom|goodbye|ambulance",
    "numb|numbness|numbed|weak*|paralys*|droop*|slur*|blind*|tingl*|jerk*|seiz*",
    "swelling|swollen|clos*|tighter|wheez*|hives|allerg*|reaction|stung|bitten; itching|itchy all over",
    "spreading|blister*|peeling|black|purple|dusky|pus|rotten|foul|everywhere; all over",
)
# Signs that are one only together and in this order; a comma may stand between them.
TOGETHER = (
    "hives|welts|rash|peanut|peanuts|nut|nuts|sting|stung|ate ... throat|tongue|vomit*|wheez*|dizzy|faint|breath*",
    "wheez* ... hives|swell*|rash",
    "purple|red|dark ... spots|rash|dots ... ... fever|temp|temperature|40|41",
    "headache|headaches ... ... stiff|light|vomit*|confused|vision|blurred",
    "arm|leg|side numb|weak ... ... speak|speech|talk|face",
    "hit|head|fell ... ... vomit*|unconscious|confused|drowsy|sleepy",
    "pregnant|weeks ... ... bleed*|pain|blood|headache|spots|vision",
    "testicle*|balls ... ... sudden*|severe|agony|twisted",
)
CALL = (
    "need|needs|call|calling|called|send|get|ring|rung|waiting|want ... ambulance|paramedic*|ambo|ambos|triple|000",
    "send help",
    "ambulance|paramedics please|now|quick|on|coming|asap|urgent*",
    "^ ambulance $",
    "call|calling|called|ring|rang|dial|dialled 000|999|911|112|111",
    "^ help? its|is|this|an|a|medical|real|it an|a|is|real|medical an|a|real|medical emergency",
    "its|is|this an|a|urgent|real|medical emergency",
    "^ emergency $",
    "emergency help|please|now",
    "dying $",
    "like|going|about|might|will|gonna|to ... die $",
    "worst|unbearable|excruciating|agonising|agonizing pain",
    "hes|shes|is|someone|somebody|they|keeps hitting|beating|attacking|strangling|hurting me",
    "waters ... broke|broken|went|gone|leak*",
    "in labour|labor",
    "hitting|hit|beat|beating|attacked|attack|threaten* me with|up|again|and|now",
    "help me help|im|i|my|he|she|please i",
)
# Words that sound like a sign and are none; they are taken out before anything is read.
HARMLESS = (
    "dying of embarrassment|laughter|shame|curiosity|boredom|hunger|thirst|heat",
    "dying to|for",
    "collapsed arch|arches|foot|feet|disc|disk|vein|veins",
    "poison ivy|oak|sumac",
    "not|isnt|wasnt|no|non|hardly an|a|really? really|any? emergency",
    "emergency contact|room|dept|department|doctor|ward|last",
    "faint rash|line|lines|mark|marks|red|pink|scar|spot|spots|redness|patch|outline",
    "fitting|fit|fits well|badly|properly|in|into|me|my|the|better|nicely",
    "stroke like|of|patient|rehab|clinic",
    "allergic reaction to me",
    "doesnt|wont|dont|not|isnt fit|fits|fitting",
    "throw|threw a fit",
    "fit|fits of giggles|laughter|coughing|rage|sneezing|anger",
    "breathless with|from laughter|excitement|laughing",
    "poisoned by ivy|oak",
    "fainting goat|couch",
    "swell* ... ... gone|going|went|come|coming|is|has down|better|away|reduced|less",
    "flu|vaccine|booster|tetanus|cortisone shot|shots",
    "drank|drunk|swallowed ... water|coffee|tea|milk|juice|beer|beers|wine|alcohol|lemonade|coke|plenty|enough|fluids",
    "bad breath",
    "heart attack grill|burger",
    "breathing|swallowing|chest|throat|heart|speech|vision|drinking is|are|seems|all|still? fine|ok|okay|normal|good|clear",
    "breathing|breathe a? sigh|easy|easier|better",
    "deep breath|breaths",
    "rash|rashes|spot|spots|mole|moles|pimple|pimples|freckle|lump|lumps|bump|bumps|skin|tag|patch|wart|scar|mark|"
    "cyst|tattoo|boil|ulcer "
    "is|are|now? on|under|near|behind|below|above|over of? my|the|his|her|their? left|right|whole? "
    "chest|throat|neck|jaw|tongue|balls|testicles|lips|breast",
    "sore|itchy|dry|tickly throat",
    "watched|saw|seen|watching ... movie|film|show|documentary|episode ... ... heart attack|stroke|seizure",
    "first aid course|courses|class|training for|in|on? choking|burns|cpr?",
    "blood test*|pressure|thinner*|result*|blister*|type|group|donor",
    "dead skin|tooth|nail",
    "died|passed|dead of|from|with|after ... attack|stroke|overdose|sepsis|meningitis|anaphylaxis|suicide|cancer|aneurysm",
)
IN_OTHER_LANGUAGES = (
    "no puedo|puede respirar",
    "no respira*",
    "no consigo respirar",
    "dolor|duele ... pecho",
    "no quiero vivir",
    "nicht mehr leben",
    "veux plus|pas vivre",
    "infarto",
    "quiero|quiere morir*",
    "desmay*",
    "me|se ahog*",
    "me|se muero|muere|estoy muriendo",
    "auxilio|socorro|aiuto|hilfe ich|non|no|me|mi|je|sofort|presto|subito|por",
    "necesito ... ambulancia",
    "inconsciente|inconscient*|inconsciente",
    "convulsion*",
    "sangr* mucho",
    "emergencia|ambulancia|urgencia|ambulanza|ambulanz|rettungswagen|krankenwagen|emergenza",
    "peux|peut|arrive|narrive|arrivons plus|pas|pas|a a? respirer",
    "mal a respirer",
    "respire|respirait plus|pas|mal",
    "mal|douleur* ... poitrine|thorac*",
    "crise cardiaque",
    "veux|envie de? mourir",
    "evanoui*",
    "saigne beaucoup|trop",
    "au secours",
    "etouffe*",
    "non riesco|posso|riesce|puo a? respirare",
    "non respir*",
    "dolore|mal|male ... petto",
    "voglio|vuole morire",
    "svenut*|svenuto",
    "kann|bekomme|bekommt|kriege|krieg|kriegt ... nicht|kaum|keine|schlecht ... atmen|luft",
    "keine luft",
    "atemnot|brustschmerz*|herzinfarkt|bewusstlos*|notfall|krampfanfall|schlaganfall|selbstmord|umbringen",
    "schmerz* ... brust",
    "will|mochte ... sterben",
    "blutet stark|sehr|viel",
    "nao consigo|posso|consegue respirar",
    "dor no|do peito",
    "quero morrer",
    "desmai*",
    "kan niet|geen ademen|ademhalen|lucht",
    "pijn ... borst",
    "nie moge oddychac",
    "nefes alam*",
    "sesak nafas|napas",
    "tidak bisa bernapas|bernafas",
    "kho tho",
    "khong tho",
    "saans nahi*",
    "hindi makahinga|ako",
)
IN_OTHER_SCRIPTS = (
    "无法呼吸",
    "不能呼吸",
    "呼吸困难",
    "呼吸困難",
    "喘不过气",
    "胸痛",
    "胸口痛",
    "救命",
    "昏迷",
    "想死",
    "自杀",
    "息ができない",
    "胸が痛い",
    "숨을 쉴 수 없",
    "숨이 막",
    "가슴이 아",
    "सांस नहीं",
    "साँस नहीं",
    "सीने में दर्द",
    "لا أستطيع التنفس",
    "لا استطيع التنفس",
    "ألم في الصدر",
    "الم في الصدر",
    "не могу дышать",
    "трудно дышать",
    "боль в груди",
    "не можу дихати",
    "δεν μπορώ να αναπνεύσω",
    "πόνος στο στήθος",
)
