"""Words about a body and what ails it: what a photo, or words about one, can be about."""

from __future__ import annotations

import re

from .phrase_lists import any_of, words_of

BODY = words_of(
    """
    head scalp hair face forehead eye eyes eyelid eyelids eyebrow ear ears nose nostril mouth lip lips tongue
    tooth teeth gum gums chin cheek cheeks jaw neck throat shoulder shoulders arm arms armpit armpits elbow
    elbows forearm wrist wrists hand hands palm finger fingers thumb thumbs knuckle knuckles nail nails
    fingernail toenail toenails chest breast breasts nipple nipples tummy belly stomach abdomen side rib ribs
    back spine bum bottom buttock buttocks hip hips groin genitals penis vagina vulva testicle testicles
    scrotum anus leg legs thigh thighs knee knees shin shins calf calves ankle ankles foot feet heel heels
    sole toe toes skin body vein veins bone bones joint joints muscle tendon arch button privates nappy crotch
    temple earlobe tonsil tonsils lymph gland glands knob wee bits tattoo boob boobs
    pie pies mano brazo pierna espalda ojo cabeza main bras jambe dos oeil pied fuss bein rucken gamba braccio schiena
    """
)
AILMENTS = words_of(
    """
    rash rashes mole moles wart warts spot spots lump lumps bump bumps bite bites sting stings burn burns
    burnt burned sunburn sunburnt scald blister blisters bruise bruises bruised bruising wound wounds cut cuts
    graze grazed grazes scratch scratches scratched scar scars scab scabs ulcer ulcers sore sores boil boils
    abscess cyst cysts pimple pimples acne freckle freckles skin tag tags growth lesion lesions eczema eczma
    psoriasis psorisis dermatitis ringworm shingles impetigo cellulitis hives welts welt thrush scabies lice
    nits dandruff tick splinter thorn corn bunion fungus fungal tinea athletes infection infected infect
    infections infectious inflamed inflammation inflammed swelling swollen swell swells swelled swelt puffy
    red redder redness itch itchy itching itches itchier scratching pain pains painful painless hurt hurts
    hurting ache aches aching achy soreness tender tenderness numb numbness tingling tingly stinging burning
    throbbing bleed bleeding bleeds bled blood bloody pus weep weeping weepy ooze oozing oozes discharge
    crusty crusted crust flaky flaking peeling peel dry cracked crack scaly weeps leaking smelly smells smell
    fever temperature temp feverish nausea vomit vomiting diarrhoea cough coughing cold flu headache headaches
    dizzy dizziness cramp cramps spasm spasms twitching twitch sprain sprained strain fracture fractured
    broken broke fell fall fallen fungi hernia gout arthritis allergy allergic hayfever asthma diabetes sugar
    pressure hemorrhoids haemorrhoids piles polyp melanoma cancer cancerous mark marks birthmark patch patches
    blotchy blotches lumpy bumpy stiff stiffness heal healed healing heals gunky gunk sticky purple yellow
    pink black blue discoloured discolored irritated irritation chafing crook sick unwell symptoms symptom
    period pregnant conjunctivitis stye chickenpox measles pox mumps croup worm worms bug mosquito mozzie
    spider wasp bee jellyfish prickly heat dehydrated jaundice jaundiced yellowish greenish hot warm tight
    tightness weak weakness limp limping manky
    duele dolor hinchado hinchada herida quemadura picadura bouton brulure plaie douleur ausschlag wunde schmerzen
    geschwollen ferita dolore prurito
    """
)
CARE = words_of(
    """
    cream creams ointment lotion gel steroid cortisone hydrocortisone antibiotic antibiotics tablet tablets
    pill pills medicine medication medications meds dose doses panadol paracetamol ibuprofen nurofen
    antihistamine inhaler drops spray bandage bandages bandaid plaster dressing dressings stitch stitches
    stiches staples suture sutures splint cast brace crutches surgery operation op procedure biopsy excision
    injection jab vaccine vaccination shot xray ultrasound scan test tests bloods pathology referral script
    prescription letter report card list insulin ice iced compress powder moisturiser soap physio antiseptic
    bp betadine savlon piercing catheter stoma drain tube cannula follow followup review checkup appt weekly
    """
)
_COURSE = any_of(
    (
        "better|worse|bigger|smaller|larger|spreading|spread|spreads|growing|grown|grew|shrinking|darker|"
        "lighter|itchier|redder|worsening"
    ),
    (
        "getting|got|gone|gotten|went|come|came|goes|going up|down|back|away|bad|worse|better|bigger|"
        "smaller|hard|soft|dark|through|off"
    ),
    "flare|flaring|flared up?",
    "improv*|clearing|cleared|settled|settling|subsided",
    "same as|spot|place|one|thing|problem|again|now|since",
    "as discussed|requested|asked|agreed|instructed",
    "told|asked|wanted you|me|dr|doctor|the? nurse? about|for|to",
    "had this before",
    "no change|changes|difference|improvement",
    "not|isnt|arent working|helping|clearing|improving",
    "since monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|last|the|this|about|a|two|three|few|i",
    (
        "for|about|past|over|after a|an|1|2|3|4|5|6|7|8|10|two|three|four|five|six|several|few|"
        "couple days|day|weeks|week|months|month|hours|years"
    ),
    "1|2|3|4|5|6|7|8|9|10|two|three|four|five|few|several days|day|weeks|week|months|month|hours|years ago|now|$",
    "days|weeks|months|hours|years old|ago",
    "cm|mm|centimetres|inch|inches",
    "left|right one|side|hand|foot|both",
    "only|just|mainly|mostly|worse when|at|after|in|if",
    "when i|it|hes|shes|he|she walk*|sit*|stand*|touch*|move*|press*|run*|eat*|sleep*|bend*|sneeze*|hot",
    "at night",
    "ate|eating|eats|sleeping|slept|feeding|drinking ok|well|fine|badly|less|more",
    "another|new one on|behind|under|near|next|has|come|came",
    "put|putting|using|used|applied|apply|taking|taken|took|stopped|started|tried|changed ... it|on",
    "overnight|flash",
    "popped|appeared|showed|started|noticed|woke",
    "same in|for|when",
    "poison ivy|oak|sumac",
    "diagnos*",
    "looks|look ok|bad|awful|fine|good|better|worse|like|angry|normal|weird|funny",
    "not|isnt|never a clot|serious",
    "no relief",
    "nothing helps|works|worked",
    "still? the same",
    "day|week 1*|2*|3*|4*|5*|6*|7*|8*|9*",
    "before and after",
)
_NO_BODY = any_of(
    "get|come|call|ring|text|write|hear|be|give|go|take|put back", "on the other|one hand", "side effect*"
)
_SIZE = re.compile(r"(?<= )[0-9]+(?:mm|cm|kg|deg|degrees) ")


def names_ailment(words: str) -> bool:
    """Return whether plain words name a part of the body, what ails it or its care."""
    return bool(set(_NO_BODY.without(words).split()) & (BODY | AILMENTS | CARE))


def about_health(words: str) -> bool:
    """Return whether plain words are about a body, what ails it, its care, or how it goes."""
    return names_ailment(words) or bool(_COURSE.search(words) or _SIZE.search(words))


def names_a_body(words: str) -> bool:
    """Return whether plain words name a part of the body, or what ails it."""
    return bool(set(_NO_BODY.without(words).split()) & (BODY | AILMENTS))


def names_a_part(words: str) -> bool:
    """Return whether plain words name a part of the body."""
    return bool(set(words.split()) & BODY)


def tells_how_it_is(words: str) -> bool:
    """Return whether plain words say what ails a body, its care, or how it goes."""
    return bool(set(words.split()) & (AILMENTS | CARE)) or _COURSE.search(words)
