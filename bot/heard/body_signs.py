"""What fails in a body, and how: the signs of an emergency as a part or function beside what goes wrong with it.

Each row is a sign where both halves stand in one sentence, in any order. So it hears words that nobody wrote down as a phrase:
"my left hand wont do what i tell it" is a limb beside something it can no longer do.
"""

from __future__ import annotations

from .health import BODY

_BODY = "|".join(sorted(BODY))
LIMB = "arm|arms|hand|hands|leg|legs|foot|feet|finger|fingers|toe|toes|grip|ankle|knee|wrist|elbow|thumb"
HUGE = "heap|heaps|bunch|double|doubled|handful|packet|box|bottle|strip|twice|extra|overdid; too many|much; mixed|muddled up"
MEDICINE = (
    "panadol|paracetamol|needle|injection|patches|tablet|tablets|pill|pills|insulin|meds|medication|medicine|nurofen|"
    "ibuprofen|aspirin|warfarin|dose|doses|antidepressants|valium|endone|oxycodone|morphine|sleepers|methadone|lithium|"
    "digoxin|capsules|gummies|vape|iron"
)
_SEVERE = (
    "agony|agonising|unbearable|excruciating|severe|worst|killing|rigid; rock|board hard; on the floor; doubled over|up; so|"
    "really|very|extremely|super|incredibly painful|sore|bad|badly; hurt|hurts|hurting heaps|badly|bad|so|really|like; "
    "really|so|bloody hurt|hurts|hurting; cant stand|straighten|sleep|bear"
)
_WORST = "so painful i|im|that; worst pain; pain is|was|so|10|ten killing|unreal|horrendous|terrible|10|ten|severe|bad"
_FAST = (
    "fast|quick|quickly|rapid|rapidly|doubled|tripled; by the hour|minute|second|minutes; every hour|minute; since|from "
    "this? morning|lunch|lunchtime|breakfast|arvo; within|in an|a|the|1|2|3|few|couple? hour|hours|minutes|hr|hrs|mins; "
    "hour|hours|hr|hrs|minutes|mins ago"
)
_WORSENS = (
    "spread*|bigger|grow*|swell*|swollen|worse|worsening|doubled|tripled|moved|moving|blister*|puff*|redness|climbing|"
    "creeping"
)
_SICK = (
    "vomit*|spew*|chuck*|chunder*|puk*|throwing|drowsy|sleepy|dazed|confused|woozy|dizzy|faint*|floppy|sweat*|clammy|crook|"
    "pale|grey|limp|unwell|shak*|shiver*|breath*|puffed|collaps*|weak"
)
FEVER = (
    "fever|fevers|feverish|fevery|temp|temps|temperature|shivers|shivery|shivering|shaking|rigors|38|39|40|41; burning up; "
    "hot and"
)
HIT = "fell|fall|fallen|hit|bang*|bump*|knock*|landed|dropped|tripped|slipped|crash*|whacked|headbutt*|kicked"
_EATEN = "ate|eat|eaten|eating|drank|drunk|drink|drinking|swallow*|mouth|lick*|sip|sipped|chew*|gulp*|sniff*|inhal*|into|cramp*"
NOT_FOOD = (
    "turps|turpentine|bleach|kero|kerosene|metho|cleaner|antifreeze|petrol|batter*|dishwash*|detergent|mushies|mushroom*|"
    "berries|toadstool|oleander|ratsak|weedkiller|roundup|pesticide|snail|mothball*|magnet|magnets|perfume|sanitiser|glue|"
    "paint; rat bait; button|watch battery; weed killer"
)
BITTEN = "bite|bites|bitten|stung|sting|stings|jabbed; bit|got me|him|her|us; bit by"
_PERSON = "partner|husband|hubby|boyfriend|bf|ex|stepdad|fella|missus|girlfriend|wife|dad|father|brother|son"
CAUSTIC = "cleaner|acid|bleach|petrol|chemical|chemicals|drano|caustic|solvent|thinners|lime|chlorine|fuel; live wire"

BODY_SIGNS = (
    f"{CAUSTIC} / face|eye|eyes|skin|hand|hands|mouth|throat|burn*|fire|arm|arms|lungs|breath*",
    "burn|burnt|burned|burns / right|all round|around; all the way",
    "tit|tits|boob|boobs|breast|bosom / squeez*|crush*|tight*|arm|jaw ... ache*|pain|squeez*|heavy",
    "heater|stove|fryer|kettle|oven|hotplate|campfire|bbq|exhaust / blister*|raw|skin|off|palm|palms",
    f"{MEDICINE} / pops|pop|nan|nans|nanas|grandma|grandmas|grandpa|grandpas|mums|dads|sisters|brothers",
    f"{MEDICINE} / ate|eaten|chew*|lick*|sucked|munched",
    f"{LIMB}|penis|erection|ankle|knee|wrist / hangs|hanging|twice|crush*|trapped|mangled|squashed|jammed|dangl*|drag*|"
    "heavy|jelly; wont go down; hours now; double the size",
    "redness|red|line|streak|swelling|swollen|hot / from|past|to|above|up|into ... knee|groin|elbow|armpit|shoulder|thigh|hip",
    "spotting / cramp*|weeks|wks|pregnan*",
    "locked|hiding / smash*|bash*|kick*|bang*|scream*|yell*",
    "eye|eyes / blind|blinds|shutter|veil|shade ... over|across|down|halfway|up",
    "eye|eyelid|eyeball|eyelids / hook|fishhook|stick|superglue|glue|popping|bulg*|thorn|pen|dart|ball|elbowed|poked|punched",
    "temp|fever|feverish / rash ... bruise|bruises|purple; wont|cant|refuses|not ... walk|move|stand|drink|eat; purple|"
    "bruise*",
    "losing|lost|lose|miscarr* / baby|pregnancy|bub; so? much blood",
    "throat|tongue|lip|lips|airway|gullet|palate / fat|fatter|raw|drool*|dribbl*|gurgl*|double|lumpy|strange|weird|"
    "ballooning",
    "voice / gone|going|husky|hoarse|croak*|muffled|funny|changed|strange|raspy|squeaky",
    "itch*|hives|welts|rash|prawn|nut|nuts|peanut|egg|bee|wasp|ant|needle|tablet|antibiotic / throat|tongue|voice|wheez*|"
    "breath*",
    "bark*|whistl*|noisy|crowing|rattl*|squeak*|grunt*|croupy / cough*|breath*|air|chest",
    "puffer|inhaler|ventolin|reliever|asthma / nothing|help*|working|worse|bad|badly|blue|empty|every|still|more",
    "breath*|air|puff|puffed|wind|puffing|puffin|panting / walk*|stairs|lying|flat|catch*|sentence|talk*|get|getting|short|"
    "run|train|steps",
    "elephant|vice|vise|band|belt|brick|weight|tight*|squash* / sitting|round|around|on ... me|chest|ribs|heart|boobs|"
    "breastbone",
    "heart|pulse|ticker / clappers|hammer*|thump*|thud*|gallop*|jump*|beating|miss*|slow|bpm|1*|flip*|skip*|stop*|rate|mad|"
    "crazy",
    "arm|arms|jaw|shoulder|indigestion|heartburn / clammy|sweat*|breathless; cold sweat; sick and",
    f"{LIMB} / wont do|work|move|lift|go|listen|grip; cant move|feel|lift|use|grip|hold|raise; no|lost feeling|pulse|"
    "strength|power; tingl* down; gone|going|went|turned|turning|looks|feels|so|all white|blue|cold|grey|gray|numb|"
    "dead|weak|limp|black|useless|floppy; is|are cold|cool|dead|useless|limp|floppy; bent; backwards; wrong way; "
    "sticking out; drop*",
    "face|mouth|smile|cheek / weird|funny|drooping|hanging|sagging|dropped|gone|slack|crooked|slid*|lopsided|twisted; one "
    "side",
    "words|speech|talk*|speak*|sentence* / come|coming|came out|wrong; cant get|find; stuck|muddled|garbled|mumbl*|thick|"
    "rubbish|mixed|drunk",
    "eye|eyes|eyesight|sight|vision|see|seeing / splash*|squirt*|spray*|cleaner|chemical*|nail|metal|glass|wire|curtain|"
    "halo*|haloes|flash*|floater*|blur*|double|shadow|agony|blank|foggy|cloudy|dark|pierc*|stabb*; went in|into; cant open|"
    "see; lost|half of? the|my; tunnel; so|really|very painful|sore",
    f"{HIT} / spew*|vomit*|chuck*|sleepy|headache|double|fluid|thinners|warfarin|eliquis|xarelto|drowsy|dazed|hip|tiles|"
    "concrete|confused|forgot*",
    f"{HIT} / cant put|walk|stand|get|move|remember|feel; blood|bleed* from|out",
    "back|bottom|bum|saddle|groin|legs|bits / numb|numbness|numbed|wee|pee|poo; cant feel; wet|wetting myself|"
    "himself|herself; no control",
    "vomit*|spew*|cough*|spit*|spat|pee|peeing|peed|wee|weeing|urine|poo|pooing|poop|stool|stools|nappy|drain|brought|"
    "throw*|sick|chuck*|bum / blood|bloody|coffee; black|tar*|red|maroon ... jelly|sticky|tarry|poo|poop|stool",
    "pad|pads|towel|towels|tissues|bandage|bandages|dressing|dressings / gone|going|went|soaked|filled|through ... through|"
    "hour|hours|hr; soak*",
    "weeks|wks|months pregnant|along|gone|preggo; pregnan*|preggers / bleed*|blood|clot|clots|headache|pain*|cramp*|"
    "contract*|swollen|vision|fell|leak*|water|fever",
    "bub|baby|waters|contractions|head / coming now|early|out|$; crowning; minutes|mins apart; broke*|broken|green; want|"
    "need to push; kicked|kicking less",
    f"{FEVER} / chemo*|methotrexate|immunosuppressed|transplant|newborn|blotchy|stiff|wound|stitch*|catheter|drain|"
    "surgery|op|pregnan*|groin|streak*|line|"
    "breath*|floppy|drowsy|sleepy|muddled|confus*|crook; cold hands|feet; weeks|wks|days|month|months old; spreading; "
    "immun*; hot|warm|cut|red; neck; photo|light",
    "weeks|wks|days|month old; newborn|bub / vomit*|spew*|feed*|green|hot|fever|cry*|pale|sleep*|yellow|breath*",
    "spots|rash|dots|bruises|marks / stay|stays|still ... press*|glass|push; tumbler; blood under",
    "pain|hurts|sore / worse than|then; out of proportion; looks ... little|small",
    "purple|black|grey|dusky / spread*|blister*|hour|hours|edge|edges|hurts|wound|worse",
    "soft spot; fontanel* / bulg*|sunk*|tight|tense|big",
    f"tummy|belly|stomach|stomache|abdomen|guts|gut|side|back / {_SEVERE}; hard as; pulling|pulls; shoulder; cramping",
    "ball|balls|testicle|testicles|testicals|nads|scrotum / kill*|swollen|swell*|sudden*|hurt*|pain*|sore|agony|twist*; up "
    "high",
    "calf|calves|leg|thigh / swollen|swelled|swell*|swole|ballooned|fatter|flight|hard; bigger|fatter than",
    "cast|plaster|splint|moonboot / tight*|unbearable|numb|blue|cold|white|squeez*|swollen|agony",
    f"throat|eye|ear|neck|head|calf|tooth|jaw|foreskin|penis|breast|hip / {_SEVERE}; cant open|turn|swallow",
    f"sugar|sugars|bsl|bsls|bgl|bgls|glucose|ketone*|diabetic / hi|high|low|roof|sky|dropped|reading|2*|3*|1|1*; {_SICK}",
    "nail polish|varnish; fruity|acetone|pear*; thirsty|thirst / breath*|smell*|vomit*|pee*|wee*|weight",
    f"heat|sun|sauna|car|oval / spinning|headache; stopped sweating; locked|left in; {_SICK}",
    "burn|burnt|burned|burns|scald*|kettle|fat|bbq|barbecue|oil|boiling|steam|fire|firepit|acid|caustic|lye|hotplate|heater|"
    "stove|fireworks / white|leather*|charred|palm|palms|"
    "whole|entire|peeling|herself|himself|grabbed|both|pulled|tipped|spilt|spilled|"
    "voice|front|exploded|airway; doesnt|dont|not hurt; no pain|feeling; all over|down; face|hands|neck|chest ... acid|"
    "steam|fat|oil|boiling|kettle|fire|went|over",
    "shock|zap|zapped|zapping|lightning|electric*|electrocut*|volts; belt|jolt off|from / off|from|power*|hit|struck|strike|got|"
    "socket|wire|cord|"
    "fence|wall|toaster|switch",
    "pool|water|underwater|bath|dam|creek|spa|surf / under|submerged|face|down ... water|minute|minutes|seconds|pool|bath|"
    "bit|found|while; inhaled|breathed|swallowed",
    f"{MEDICINE} / {HUGE}; in ... mouth; got|get into; by accident|mistake; wrong dose|tablets|pills|meds; all of|my|the",
    f"{NOT_FOOD} / {_EATEN}",
    f"{BITTEN} / {_SICK}|jelly|jellies|grass|irukandji|ray|numb|numbness|numbed|paraly*|mouth|tongue|lips|throat; "
    f"something brown|black; "
    "up my|his|her; heaps|lots|many of? times|bees|wasps|ants; 15|20|25|30|40|50|60|100",
    "wound|stitch*|stiches|scar|incision|stoma|drain|graft|surgery|op|cut|site|staples|cesarean|caesar|csection / burst|"
    "poking|gaping|guts|black|split|unzip*|inside|insides|bright|apart; popped|come|came|wide open; stuff|something ... "
    "out; full of",
    "blister*|peel*|raw|sores / lips|mouth|eyes ... full|raw|sores|peeling; new ... tablet|tablets|medication|antibiotic; "
    "everywhere ... peel*|lips|mouth",
    f"{_BODY}|pain|hurt*|itch* / cant|hardly|barely ... stand|bear",
    f"{_WORSENS} / {_FAST}",
    f"{_BODY} / sudden*|agony|agonising|unbearable|excruciating; out of nowhere; all at once; {_WORST}",
    f"{_PERSON} / did this to me|him|her; choked|punch*|bash*|strangl*|kicked|threatened|threatens|shoved; hit|hits|hitting|"
    "beat|beats|hurt|hurts|threw me|us|him|her; kill me|us; scared of him|her",
)
# Signs in themselves, unless denied or long past; ";" parts phrases here as in the rows above.
ALONE = (
    "buckl*|panting|gasping|chunder*|dusky|marbled|icy|gag|gagging|chok*|slic*|slash*|stabb*|relaps*|crush*|shivering|"
    "shivers|shivery|shakes|shook|sweating|sweats|seal|lungful",
    "gullet|lung|lungs|breastbone|windpipe|testi*",
    "agony|excruciating|unbearable|insane|horrendous|stabbing|crushing|tearing|pouring|limp|swaying",
    "pins and needles",
    "socket|kneecap|mower|raped|rape|assaulted|clumsy|wedged|ribbons|contractions|antidepressants|oxys|shocked|flooded",
    "seeing two|double|things; hand|arm|foot|face|fingers|head ... in the? fire|mower|door|blender|machine",
    "whats the? point; looks|look like a? fork|meat|mince|bone; size of a? ... now",
    "new|those|that meds|tablets|medication|antibiotic|tablet and? my? skin|mouth|lips|eyes; snake|snakes|ketones",
    "cut|cuts|cutting|burn|burning|hit|hitting herself|himself|themself|myself",
    "bone|bones is|are? showing|visible|out|exposed; came|coming|comes up|out green|wrong|blood|black",
    "took|taken|had|swallowed 2|3|4|5|6|7|8|9|two|three|four|five|six of my|his|her|the; instead of one|two|1|2|half",
    "tip|end is|was? off|missing|gone; wrong with me|him|her $; plan|plans|planned|planning ... tonight",
    "30|40|50|20 stings|bites; full|lots|lot|drops|pool|clots of fresh|bright? blood",
    "feel|feels|feeling|felt ... rotten|revolting|awful|terrible|horrible|crook|unwell|sick|off|faint|rough",
    "went|goes|going all? black|white|limp|stiff|blank|grey; now|gone|going|turned|turning|is|its black|grey|gray|dusky",
    "nearly|almost|clean|half off; hands|hand|arm round|around ... neck|throat",
    "through ... palm|hand|foot|lip|cheek|thumb|finger|arm|leg; much|way|lot|far|heaps worse",
    "too sore|weak|sleepy|tired|dizzy|painful|scared|sick|breathless|swollen|big|much|unwell ... to|for",
    "to|down|on one side; skin came|coming|comes|peeled|falling off; dont|doesnt|cant remember|recall",
    "woozy|muddled|disoriented|delirious|puffed|floppy|floaters|suicidal",
    "gone|went|going|all|very|so|really|suddenly|quite confused|drowsy|limp|vague|lethargic|unresponsive|pale",
    "really|so|very sleepy and|cant|wont|hard|$; getting|feeling|feel|so|really|very|bit? dizzy|faint|lightheaded",
    "blanked|zoned|spaced|keeled|conked out|over; took|had|having a funny|bad|weird? turn; passing|passed ... clots",
    "like a tap; huffing|winded|gagging|airhungry|slurry|trembling|hyperventilating|hallucinat*|retching",
    "fill my|his|her lungs; never felt so? this? sick|bad|crook; sleep forever|and never|not",
    "drive|driving|crash ... into|off ... tree|truck|bridge|cliff|pole; had enough of everything|it|this|all|$",
    "not allowed to leave|go",
    "pushed|shoved|slapped|grabbed|hits|hit|kicks|kicked|choked|punches|punched|strangled me|mum|her|him|us",
    "threatening|threatened to|me|us; wrote|written|writing ... letter|note ... kids|family|mum|goodbye|done|everyone",
    "teeth chattering; control|controlling ... bladder|bowels|legs|arm",
    "bleeding|bled|blood through|everywhere|nonstop|all over; wont clot; something ... slithered|lodged",
    "has|got|have|holding a? knife|gun|machete; jerking|twitching ... side; found in the? pool|dam|bath",
    "something terrible|bad|awful is? ... happen; im|hes|shes bleeding; see|seen no|much|any point",
    "ending|end it|things|everything; started|been|keeps|keep cutting; want|wanna|just to? disappear|vanish",
    "want it all|everything to stop|end|be; wont be here|around next|tomorrow|much|anymore|long|by|then",
    "scared|afraid|frightened|terrified|worried of|what? i? what|ill|i|might|could|to ... do|go|be|home|myself",
    "hell|shell|will|gonna|to|theyll kill me|us; did this to me; fitted|seizing|convulsing",
    "^ my throat|chest|heart|breathing $; redback|bluering|irukandji|stonefish; thinking ... bridge|rope|train",
)
# "Not" is part of these.
UNABLE = (
    "cant carry|go on; cant keep myself|him|her|them safe; cant do up|undo; wont|isnt come|coming down",
    "no|lost|losing feeling when|in|down|below|on|at|$",
    "cant|hardly|barely ... walk|sleep|eat|drink|lie|sit|think|focus|remember",
    "hasnt|isnt|not ... right|himself|herself since|today|now",
    "havent|hasnt|cant|not|no ... felt|feel|feeling ... bub|baby|kick*|mov*",
    "hasnt|havent|not woken|woke|stirred|weed|peed|urinated; cant|wont|not keep|keeping ... down",
    "not|isnt|arent coping|himself|herself|themself|responding|rousable; dont|doesnt|didnt|not feel|feeling? safe",
    "cant|wont put|take|bear any? weight; cant|wont settle|console; wont|doesnt|not look|looking at me; wont|cant slow down",
    "cant|wont move|feel|wiggle|bend? ... toes|fingers|legs|arm|leg|hand|foot",
    "spots|rash|dots|they ... dont|doesnt|not|wont|stay ... fade|go|press|blanch|away",
    "dont|doesnt|cant see any|much|the? point; dont|doesnt|didnt|not want|wanting to? be|live|go alive|here|on|anymore",
    "cant|wont stop shaking|shivering|spewing|vomiting|crying|screaming; cant|couldnt talk|speak for; not|isnt answering",
    "not right in|with",
)
