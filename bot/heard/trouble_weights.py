"""What each kind of thing, and each stem of a word, weighs. Learnt: ``python -m tests.heard.weigh``."""

LENGTH = -2  # for each step that a sentence is longer than most
OF_KINDS = {
    "airway": 9,
    "asked": -5,
    "baby": 4,
    "belly": 5,
    "better": -4,
    "bitten": 1,
    "blood": 8,
    "bone": 7,
    "burn": 1,
    "chest": 6,
    "eaten": 5,
    "fever": 7,
    "function lost": 7,
    "head": 3,
    "hit": 4,
    "long": -4,
    "medicine": 3,
    "mild": -6,
    "mind": 7,
    "nobody": -7,
    "now": 4,
    "of the chat": -7,
    "of the practice": -1,
    "of the skin": -8,
    "pain": 5,
    "poison": 7,
    "pregnant": 5,
    "privates": 3,
    "scared": 6,
    "sick": 11,
    "sight": 5,
    "speech": 4,
    "spreading": 4,
    "too much": 2,
    "tool": 7,
    "venom": 5,
    "very": 2,
}
OF_WORDS = {
    9: ("fit lips "),
    8: ("feel "),
    7: ("went "),
    6: ("going hasnt hour point pool someth "),
    5: ("cord deep eye live loo myself ne over star strok "),
    4: (
        "anymor baby beat blood burst cutt de door everyon everywher eyes found freez gone green hell hot jell leg "
        "minut nobod out pain pres shock shut slid snak spot stand temp tight want whol "
    ),
    3: (
        "4 8 aching arm ball bath bbq belt bene black blister bone breath brok bulg calf cant come cramp dad dear done "
        "drank face fade fast fat felt fire full glas heat here hip kids legs lett light lower meds more mouth nicht op "
        "open pecho pill poking real sick side sinc size smash someon spit start stay struggl sudden tap ther think "
        "tonight turn water way week wet woken wrot y "
    ),
    2: (
        "1 30 39 air ambulanc bad balloon batter bed bee bent bigg box breast bridg bring brown button call car chest "
        "chok coin cold confus cough cut dads date deaf drain dusk elephant epipen feverish flash flight flop forget "
        "fork gave girl gun hang hard herida high hit icy jaw je keep last leak lunch min moth moved needl nois non "
        "numb old overdos partn pas peanut period plan poo pull push quiet rash ribs round safe says scar second shook "
        "sight sitt sleep soak soft something son sort spin split squeez stif stonefish stuf stung swallow swel tea "
        "teeth terribl then thought throat through time toilet told took train very voic vomit wee weed weight weird "
        "wrist "
    ),
    1: (
        "12 20 28 36 40 5 6 able accident ache acid acros again agon ambo answ anywa appt armpit arms attack ayuda bang "
        "bash began bell big bingo bitten blad bleach blind blotch blown blue bottl bowel brak breakfast breastbon "
        "bright bsl c care cast caught cheek chemo clean climb clot cloud collaps control cordial croak crush cup "
        "curtain dark days die dog doll dots doubl down dreadful dres drip droop drop drows drum duel eat egg el empt "
        "end ending ever everyth ex faint fall feed fing fingertip floater floor fluid four fresh front go grab grap "
        "grey grind ground gush guts half happen happi havent head headach hear heart heav herself hi hold home hubb "
        "hurt husband instead insulin jump kettl kinda kitchen knif lift limp lodg lost lot lying making mate mention "
        "messag metal mi move mower much mum mums must nan near neck new nonstop nowher odd off oil packet pads painful "
        "palm panadol pass past peed peeing petrol pig poison polish poos popp power prawn pregnant pressur pret puls "
        "pump purpl quick reaction regret rememb right ripp rock room sat scream section see seeing sent shak shiver "
        "short show sit skin slip slur smil socket sorr sound speak speech splash spray spread stair stink stoma strang "
        "strip stuck suck sunken swollen tbh than thing thirt thre tin ting tiny tip togeth towel trampolin tumbl tumm "
        "using vision wake weak what whatev wheez whil whistl window woke word worr worst wound wrong "
    ),
    -1: (
        "10 2m9q 4821 4qxd 7 9trp actual ah altogeth antihistamin anyth anywher ask asthma athlet august away awful "
        "bali becaus befor bikini bin blur boil broken bruno brush bum busy canc cancel cap chat chemist chen chicken "
        "chickenpox child clear click code comfortabl consentr contact copy corn correct could cours cover crook crying "
        "dandruf dave declin dentist derm didnt disregard dont ear earl ears edge eight embarras even eyelid fading "
        "fami fell few find flak flar flat friend fungal garden gets goes gran graz groin grown gums heap hello hey "
        "hips hive hous ignor ill imag infection ingrown isnt jamm joan k7m knee knock la lady leav left lens let "
        "letterbox lie line list long look loos love mayb mean meant mind mine mistak mobil mole molluscum mozzi napp "
        "need netbal next nippl nope normal okay olli ones only osei own patch person pie pierc pink plac pleas powd "
        "pox pref privat puff putt rain rath record regard remov ringworm rub said same saw scalp scrap send shav "
        "shoulder shouldnt si sister site skip slept slow smal sole sometim soon specialist spid spra stomach stretch "
        "strong stud student sugar sun sunburn sur sure sweat system tag talk tatto teach temperatur ten thick threw "
        "throb thrush thumbsup tick tinea tissu toast toda toddl tooth top tram tray trip typing ugly upload upset use "
        "usual vein walk warfarin wear weekend why wife wint wipe without wors yeah yep yet "
    ),
    -2: (
        "14 3 38 7f3k 80 agre alway around bandag bite bled blist both bruis caus chang check chin cream dinn doctor "
        "easi eating elbow enough fath feet finish flu food foot forgot from gunk haha hair happ heal how hs if img kid "
        "kind know knuckl late later lee mark mias monda morning nah never night none noth notic now octob ok once "
        "operation other paper photo pic pick plast play pus reckon rid run sam scab school sore thigh toenail tuesda "
        "twent under unles wait warm wart weep well whit who will wind writ year yellow your "
    ),
    -3: (
        "about any back behind birthmark bump burn cheer daycar dose dr dry first heel infect lip lump neighbour not "
        "nurs shin shingl so soup splint sting stitch sunda take that thursda tongu une "
    ),
    -4: ("bett crack crust good kept no nose scratch troubl wash when yes yesterda "),
    -5: ("fine hayfev less lol phon stil stop thank twitch "),
    -7: ("toe "),
}
