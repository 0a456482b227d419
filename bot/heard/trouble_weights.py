"""What each kind of thing, and each stem of a word, weighs. Learnt: ``python -m tests.heard.weigh``."""

LENGTH = -2  # for each step that a sentence is longer than most
OF_KINDS = {
    "airway": 11,
    "baby": 5,
    "belly": 6,
    "better": -5,
    "bitten": 2,
    "blood": 10,
    "bone": 8,
    "burn": 2,
    "chest": 7,
    "eaten": 8,
    "fever": 7,
    "function lost": 8,
    "head": 4,
    "hit": 6,
    "limb": 2,
    "long": -3,
    "medicine": 4,
    "mild": -7,
    "mind": 8,
    "now": 5,
    "of the chat": -7,
    "of the skin": -6,
    "pain": 5,
    "poison": 9,
    "pregnant": 6,
    "privates": 4,
    "scared": 4,
    "sick": 12,
    "sight": 5,
    "speech": 6,
    "spreading": 5,
    "too much": 4,
    "tool": 7,
    "venom": 6,
    "very": 2,
}
OF_WORDS = {
    9: ("lips went "),
    8: ("feel "),
    7: ("fit "),
    6: ("eye hasnt hour myself point someth "),
    5: ("deep eyes face going hot leg live loo over pain pool shock slid strok temp think tight "),
    4: (
        "baby bbq black blood bone breath brok burst cord cut dear door everywher fat found freez green hell lower "
        "mouth op out pecho pres side spot stand water whol "
    ),
    3: (
        "30 4 aching anymor arm ball bath beat blister bulg calf cant chest chok coin come cough cutt done drank "
        "everyon fade fast fire flash full glas heat here high hip hit hurt jell kids legs lett meds minut more moved "
        "nicht nobod old open period pill pull round says scar shut sick sinc size snak soak someon spit star start "
        "stay struggl sudden swel tap ther throat tonight took turn vomit want way week weight weird woken wrist wrot "
    ),
    2: (
        "1 20 39 8 agon air ayuda bad balloon batter bed bee bell belt bent bigg blad blue breast bridg bring brown "
        "call car care cheek clean clot cold collaps confus control cramp dad dads date deaf drum duel dusk el elephant "
        "epipen ever felt feverish flight girl gun gush half hang hard havent head headach heart herself hubb icy jaw "
        "je leak light lot lunch metal ne neck needl nois non oil overdos panadol partn pas plan poking poo popp puls "
        "purpl push rash real ribs ripp rock safe second seeing shook show sight sitt skin smash soft something son "
        "sort spin split spray squeez stif stonefish stuf stung suck swallow swollen tea teeth than then thre time "
        "toilet told train using very vision voic wee weed wet word wound "
    ),
    1: (
        "12 28 40 5 6 able accident ache acid acros afraid again ago allergic ambulanc answ armpit ate attack badl bang "
        "bash began bit bitten bleach blind blotch blown bottl bowel brak breakfast breastbon bright bsl button c "
        "carpet cast caught chatter chemo climb cloud cordial croak cup curtain dark day die disappear dishwash dog "
        "dots doubl down drain dreadful drink drip droop drop drows egg end ending even everyth ex faint fall feed "
        "fella fever fing fingertip fitt floater floor flop fluid forearm forget four fresh front funn gave go grab "
        "grap grey grind ground guts hear heav held hi hold home instead insulin into jump keep kettl kill kitchen knif "
        "last limp lost lying making mention mi morn moth move mower muddl mum muy nan near new nonstop notic nowher "
        "numb odd off oh packet pads painful pale palm past peed peeing peopl petrol poison polish poos prawn pregnant "
        "pressur pump quick quiet raw reaction read regret rememb roof room runn sat say scream section shak short sit "
        "sleep slip slur smil socket sorr speak speech spew splash spread stair stink stoma strang strip stuck sunken "
        "tbh terribl thos thought through throw tin ting tiny tip tonsil trampolin tumbl tumm unbearabl unconsciou wake "
        "wasp weak whatev wheez whil whistl window woke wont worr worst y "
    ),
    -1: (
        "000 14 2m9q 7 80 actual agre ah ahead alright antihistamin anyon anyth anywher ask asked asthma athlet away "
        "awful back bali becaus befor bike bled blist blur boil both broken brush bus busy cake camp canc cancel cap "
        "chat chemist chicken child clear click code comfortabl contact cool copy correct cours cover cream crook "
        "crying dandruf decid declin delet derm didnt died disregard disturb doc dont dye ears edge elbow embarras "
        "facebook fading fath favor find finger flak flar forgot frida friend fungal gets gett give graz groin gums "
        "gunk guys haha hair heap hello hips hive ignor imag infection ingrown jamm k4tp kind knee knock knuckl late "
        "laugh leav lens list long love margaret mayb merci merr mind mistak mobil molluscum monda mozzi nail name napp "
        "nein neith netbal next night nurofen okay olli ones only oops oui park patch person photo pic pick pics pie "
        "pierc plac plast pleas por powd pox pref privat pus rath reason reckon record regard remov repl revok ringworm "
        "rub said same saturda saw scal scalp school scrap send shav shoulder shouldnt si sister site slow smal sole "
        "somebod sometim sore specialist spid spra stomach stretch strong stud student sun sunburn sure system ta "
        "tablet tag tatto temperatur tetanu thick threw thumbsdown thumbsup tissu toda toddl toenail tomorrow tooth top "
        "tray typing ulcer under undo unsend upset use usual vein walk warfarin wart weekend weep wher which why wife "
        "wint wipe withdraw wors ya yep yet "
    ),
    -2: (
        "10 3 38 4821 4qxd 9trp alway bandag bin birthmark burn can caus check cheer chin consentr could dinn dose easi "
        "eating else enough eras finish flu food foot from happ heal heel how ill infect k7m kid know la later let lump "
        "mark mean meant mias mole morning nah need neighbour never none nope not noth nurs octob once operation other "
        "paper play rid run scab see shin splint that thigh throb twent une wait warm well whit wind writ yeah year "
        "yellow your "
    ),
    -3: (
        "7f3k about any around behind bett bite body bump chuck crust daycar dead doctor dr dry feet first good hs img "
        "lee lip ok sam shingl so sting stitch sunda take thursda tongu tuesda who will "
    ),
    -4: ("chang crack fine kept less no nose phon scratch stil stop troubl wash when yes yesterda "),
    -5: ("hayfev lol thank twitch "),
    -6: ("now "),
    -7: ("toe "),
}
