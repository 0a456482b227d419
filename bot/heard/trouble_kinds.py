"""The kinds of things that are said where there is trouble, and what eases: by kind, so that a new word of a kind is heard too.

Each kind is phrases as `phrases` reads them, parted by ";". What a kind weighs stands in `trouble_weights`.
"""

from __future__ import annotations

from .body_signs import BITTEN, CAUSTIC, FEVER, HIT, HUGE, LIMB, MEDICINE, NOT_FOOD
from .phrase_lists import any_of

_TROUBLE = {
    "function lost": "cant|wont|unable|hardly|barely|struggl*; not|isnt|doesnt|didnt|wasnt|no able|working|responding|"
    "moving|waking|"
    "talking|making|eating|drinking|feeding; hard|difficult|impossible to; trouble|difficulty",
    "now": "now|just|suddenly|sudden; minute|minutes|min|mins|hour|hours|hr|hrs; this? morning|arvo|afternoon|lunch|lunchtime|"
    "breakfast|dinner|tea; since|from last|yesterday; last night; overnight|tonight|today; woke|waking up|with; keeps|kept",
    "very": "so|really|very|too|extremely|awful|terrible|horrible|dreadful|bad|badly|worst|worse|severe|agony|excruciating|"
    "unbearable|heaps|massive|huge|intense|insane",
    "sick": "vomit*|spew*|chuck*|chunder*|puk*|barf*|hurl*|retch*|heav*|throwing|threw; drowsy|sleepy|dazed|confus*|woozy|"
    "dizzy|"
    "faint*|lightheaded|giddy|floppy|limp|sweat*|clammy|grey|gray|pale|ashen|blue|bluish|shak*|shiver*|rigor*|trembl*|puffed|"
    "breathless|collaps*|unwell|crook|dreadful|dying|listless|lifeless|unresponsive|rouse|wake|waking|letharg*|delirious|"
    "muddled|"
    "rambling|nonsense|staggering|convuls*|fitting|seiz*|jerk*|twitch*|unconscious|blacked|keeled|slumped; passed|passing out",
    "medicine": MEDICINE,
    "too much": f"{HUGE}; whole|entire|all of? ... packet|bottle|box|lot|them",
    "poison": f"{NOT_FOOD}; {CAUSTIC}; antifreeze|coolant|fumes|gas|exhaust|carbon|brake|fluid|thinner|solvent|spray|pods",
    "eaten": "swallow*|drank|drunk|drinking|inhal*|ate|eaten|licked|chewed|sniffed|took|taken",
    "hit": f"{HIT}; run|ran|knocked over|down; stab*|shot|crush*|trapped|mangled|impaled|attacked|bashed|punched|beaten|"
    "strangl*|"
    "choked|rammed|rolled|flung|thrown",
    "bitten": BITTEN,
    "venom": "snake|spider|redback|funnelweb|octopus|stonefish|jellyfish|irukandji|scorpion|wasp|bee|bees|hornet|ant|ants|"
    "viper|"
    "adder|stingray|tick",
    "limb": LIMB,
    "airway": "throat|tongue|airway|windpipe|gullet|breath*|breaf|air|lungs|gasp*|chok*|wheez*|voice|swallow|spit|saliva|"
    "drool*|"
    "dribbl*|puff|puffer|inhaler|ventolin|snor*|gurgl*|rattl*|grunt*|whistl*|stridor",
    "chest": "chest|heart|ticker|breastbone|sternum|pulse|palpitations|ribs",
    "head": "head|headache|skull|brain|neck|migraine|pupil|pupils",
    "speech": "speech|words|talk*|speak*|sentence|slur*|mumbl*|garbl*|jumbl*|smile|droop*|lopsided|sagging|crooked",
    "sight": "vision|sight|eyesight|blind|seeing|blurr*|double|curtain|shadow|floaters|flashes|sparkl*; "
    "cant|hardly|barely ... see; see nothing|out|double|two|lights|properly|clearly",
    "belly": "belly|tummy|stomach|abdomen|guts|gut|bowel|bowels|stoma|appendix|groin",
    "privates": "testicle*|balls|nuts|scrotum|penis|erection|foreskin",
    "blood": "blood|bloody|bleed*|bled|haemorrhag*|hemorrhag*|clot|clots|gush*|spurt*|squirt*|pour*|pump*|soak*|drench*|"
    "tarry|tar|"
    "artery",
    "bone": "bone|bones|tendon|muscle|flesh|fracture*|dislocat*|socket|amput*|severed|sever|gash*|gap*|hanging|dangl*",
    "tool": "saw|chainsaw|grinder|mower|knife|razor|blade|machete|axe|drill|nail|gun|machine|blender|chisel|glass|wire|rope|"
    "bridge|"
    "cliff|roof|ladder",
    "burn": "burn|burns|burnt|burned|scald*|boiling|kettle|fire|flame*|steam|electr*|shock|zap*|lightning|voltage|explo*|"
    "charred",
    "baby": "baby|bub|bubs|newborn|infant|toddler|nappy|nappies|feeds|bottle",
    "pregnant": "pregnan*|preggers|preg|preggo; weeks|wks|months along|gone; waters; water ... broke|gone; "
    "labour|labor|contractions|contracting; miscarr*",
    "fever": f"{FEVER}; burning; boiling; feverish; chills; teeth chattering; 39*|40*|41*",
    "mind": "suicid*|kill|die|dead|death|goodbye|disappear|jump; end|ending it|things|life|everything; "
    "hurt|harm|cut|cutting myself|himself|herself; no|any point|reason|future; way out; better off; voices",
    "toilet": "wee|pee|peeing|weeing|urine|urinate|poo|poop|stool|stools|water|bladder|toilet ... cant|blood|black|wet|"
    "control; "
    "pass|passed water|urine|anything; nappies|nappy",
    "scared": "help|scared|afraid|terrified|frightened|panic*|emergency|ambulance|hurry|urgent*|000|quick",
    "pain": "agony|agonising|excruciating|unbearable|killing|worst|insane|screaming|crying|ripping|tearing|crush*|stabbing|"
    "knife",
    "spreading": "spread*|creep*|climb*|track*|streak*|stripe|line ... up|past|to|fast|hour|hours|overnight; "
    "doubl*|ballooning|ballooned|blown; black|purple|dusky|dead|rotten|foul|cold|white|numb|icy",
}
_EASING = {
    "better": "better|improv*|fading|faded|fades|clearing|cleared|healing|healed|heals|heal|settl*|subsid*|easing|eased|"
    "eases|smaller|"
    "shrinking|recovering|passed; going|gone|went|goes|come|came down|away; gone|went|passed|stopped; "
    "all|much|now|is|has|is now gone|clear; much the same; under control; drying|dried up; no|not any more|longer; down to; "
    "back to normal|school|work|kindy|daycare|himself|herself|myself; right as rain; fine|ok|normal|good|well now|again|"
    "today|this; now|is|are fine|ok|normal|good|well|white; "
    "eating|feeding|drinking|sleeping ... well|fine|ok|happily|happy; feel|feels|feeling fine|good|ok|well|great; happy|"
    "happily|clean",
    "mild": "a bit|little|tad|touch; slight*|mild*|minor|tiny|small|bearable; now and then|again; "
    "sometimes|occasional*|mostly|usual*|normally; on and off; off and on; not much|too|very|really|so? bad|painful|sore; "
    "nothing much|serious|major|bad; bit|little|kind|kinda|sort of? sore|red|itchy|tender|swollen|dry|puffy|stiff",
    "of the chat": "photo*|pic|pics|picture*|image*|upload*|file|files|agree*|consent*|permission|allow*|share*|sharing|"
    "show|showing|shown|"
    "send|sending|sent|use|used|using|delet*|remov*|withdraw*|student*|phone|button|tap|app|account|message*|answer|glasses|"
    "letter|"
    "appointment*|referral|script|receptionist|diary|reading|bandaid; taken|took ... photo|picture|pic|with|in|out|down|off",
    "long": "for|about|past|over|after|since|had|last|these a|an|1|2|3|4|5|6|7|8|9|10|two|three|four|five|six|several|few|"
    "couple|many|"
    "some|last|the ... weeks|week|months|month|years|year|wks|yrs; "
    "1|2|3|4|5|6|7|8|9|10|two|three|four|five|six|few|couple weeks|week|wks|wk|months|month|years|year|days; "
    "always|chronic; every year|winter|summer|night|month; "
    "since january|february|march|april|may|june|july|august|september|october|november|december|summer|winter|spring|"
    "autumn|easter|"
    "christmas; last week|month|year; day 1|2|3|4|5|6|7|8|9|10; same as; again|another|third|second",
    "asked": "^ what|who|when|where|which|how|can|could|may|should|will|would|do|does|are|am i|you|we|he|she|it|this|that|time|"
    "long|much|many|the|my; ok|okay|alright|safe to",
    "of the practice": "open|opening|shut|close|closed|closing hours|at|on|today|tomorrow|eve|over|for|late|early|till|until|$; "
    "what time; time ... open|shut|close; reception|receptionist|desk|practice|clinic|christmas|xmas|easter|holiday*|parking|"
    "bill|medicare|invoice|account|slides|study|website|lawyer|solicitor|insurer|records|system",
    "of the skin": "rash*|mole*|wart*|spot|spots|eczema|psoriasis|acne|pimple*|freckle*|tinea|ringworm|fung*|dandruff|scab*|"
    "scar|scars|"
    "dry|flak*|scal*|itch*|dermatitis|molluscum|verruca*|bunion*|corn|corns|callus*|stye|tag|patch|patches|zit|zits|toenail|"
    "nail|"
    "nails|sunburn*|peeling|cradle|nappy|graze*|mosquito|mozzie|tattoo|piercing|vein|veins|ulcer|lump|dressing|cream|ointment|"
    "blister*",
}
TROUBLE = {kind: any_of(*phrases.split("; ")) for kind, phrases in _TROUBLE.items()}
EASING = {kind: any_of(*phrases.split("; ")) for kind, phrases in _EASING.items()}
