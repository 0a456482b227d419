"""How much trouble a sentence tells of, word by word: for emergencies in words that no list of signs holds.

Frightened people say little of what is wrong and much of how it is: "my leg went, it feels dead and wont hold". Each word weighs
by how often it stands in such words and how seldom in others; ordinary business weighs against it. "feel*" is every word that
begins so.
"""

from __future__ import annotations

ENOUGH = 3  # at which a sentence may tell of an emergency

_WEIGHED = {
    3: (
        "agony blotch* blue boiling bulg* burning chok* clammy clos* clots collaps* confus* cramp* dizzy drank drenched "
        "dribbl* drool* droop* drows* faint* feel feels felt flop* foggy freez* funny gash gasp* grey gulp* gush* jaw jelly "
        "limp move muddl* mumbl* numb numbness overdos* oxygen poison* pour* puffed* puk* pulse rag respond* ripped scared "
        "scream* shak* shiver* shook slur* spew* spin* spray* spurt* sternum stiff strangl* struggl* stung suck* sudden* "
        "suicid* swallow* sweat* throat tingl* trembl* unwell vomit* wak* weak* whack* wheez* worst"
    ),
    2: (
        "ache* aching acid air asthma baby bad badly ball balls battery belly bent bitten black blacked bladder bleach bled "
        "bleed* blind* blood* bone bones breath* broke broken bub burn burnt burst cant catch chemical* chest cold cough* "
        "cracked crook crush* crying cut cutting deaf deep die doubl* drain* drip* drop* dusk* electric* eye eyes face fast "
        "fat fell fever* fit fits flap floor fluid gut guts hard hardly head headache* heart heat heavy hell hips hit hot "
        "hour hours huge hurt* icy insulin jump* kick* kill* knife labour leaning leather legs life lift light lips live "
        "lying massive minut* mouth neck nipped noise nose octopus op pain pains pale passed passing pee peed peeing petrol "
        "pills planned poo poos pop* pregnan* press* pump* purple quick* reaction ribs secs shock short side sight skipp* "
        "sleepy slid snake speech spider split stab* stairs stand stars steam stomach* stop* straight stroke sucked swell* "
        "swollen* tablet* talk temp threw tight* toilet tongue tummy twist* urgent* vision voice wave wee weird went wet wire "
        "wont wound yellow"
    ),
    1: (
        "across all alone arm arms ate back* barely between bite* both bright came cannot comes coming control dad ended ever "
        "every foot full get getting go going gone got green groin half hand hands hasnt have havent having heaps her herself "
        "hes him himself hip hold hurts in into ive just keep* last leg like little lot lots mum myself nan needle nothing "
        "now off out over partner pop really red round run shes since skin so speak sting* stop stuck sun tea* thinking "
        "through today tonight took turn* very want water way whatever whole words worse"
    ),
    -1: (
        "about again ago anyone before behind book bruise bruises can change circle comma dear derm did do dont dr dressing "
        "elbow first forget freckle glasses good hope how if itch* keep know let look* mate meds mistake mole moles months "
        "name new not ok old or patch* piercing pls question rash said same scab* school see slight* small spots still "
        "stitch* sure teaching they think thorn thumb* toe* tomorrow use using varicose wait wart* what when where would "
        "wrong years"
    ),
    -2: (
        "agree* ask bandage* better bin book* button cancel* cheers closed consent* copy correct* could cream daycare delet* "
        "doctor does dry eczema file finally fine flak* goes gunk happy heal* id image* img* later laugh* lens less mean* "
        "mind molluscum mozzie never nope number opposite phone* photo* pic picking pics picture* pimple* plaster please "
        "privat* record* remov* rid scratch* send sent settl* share* show* stopped student* sunburn* thank* used which who "
        "will withdr* write yeah yes you your"
    ),
}
_WEIGHT = {word: weight for weight, words in _WEIGHED.items() for word in words.split()}
_SHORTEST = 3  # letters of a beginning


def weight_of(word: str) -> int:
    """Return what a word weighs: more than nothing where it tells of trouble, less where it is ordinary."""
    if word in _WEIGHT:
        return _WEIGHT[word]
    beginnings = (f"{word[:length]}*" for length in range(len(word), _SHORTEST - 1, -1))
    return next((_WEIGHT[beginning] for beginning in beginnings if beginning in _WEIGHT), 0)
