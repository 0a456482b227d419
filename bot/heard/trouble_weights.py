"""What each kind of thing, and each stem of a word, weighs. Learnt: ``python -m tests.heard.weigh``."""

LENGTH = -2  # for each step that a sentence is longer than most
OF_KINDS = {
    "airway": 10,
    "baby": 5,
    "belly": 6,
    "better": -4,
    "bitten": 2,
    "blood": 10,
    "bone": 8,
    "burn": 2,
    "chest": 7,
    "eaten": 7,
    "fever": 7,
    "function lost": 8,
    "head": 4,
    "hit": 6,
    "limb": 2,
    "long": -3,
    "medicine": 4,
    "mild": -7,
    "mind": 7,
    "now": 4,
    "of the chat": -7,
    "of the skin": -6,
    "pain": 5,
    "poison": 9,
    "pregnant": 6,
    "privates": 4,
    "scared": 4,
    "sick": 12,
    "sight": 5,
    "speech": 7,
    "spreading": 4,
    "too much": 4,
    "tool": 7,
    "venom": 6,
    "very": 2,
}
OF_WORDS = {
    9: ("lips "),
    8: ("feel went "),
    7: ("fit hour "),
    6: ("eye hasnt myself point someth "),
    5: ("baby deep eyes hot live loo over pain strok think tight up "),
    4: (
        "bbq blood bone breath brok cord cut door everywher face fat found freez going hell leg lower mouth out pecho "
        "pool pres shock shut side slid spot star sudden temp water "
    ),
    3: (
        "30 4 aching anymor arm ball bath beat black blister bridg bulg burst calf cant chest come cough cutt dear done "
        "drank everyon fast flash full glas green heat here hit hurt jaw jell kids legs lett light meds minut more "
        "moved nicht nobod old op period pill push put scar sick sinc snak split stand start stay struggl stuf tap ther "
        "throat tonight took turn very vomit want way week weight weird whol wrist wrot "
    ),
    2: (
        "1 20 39 8 agon air ayuda bad batter bed bee bell belt bent bigg blotch blue breast brown call car care cheek "
        "chok clean clot coin cold collaps control cramp dad dads date deaf drum duel egg el elephant epipen ever fade "
        "felt feverish fire flight girl got gun gush half hang hard head heart herself high hip hubb icy je knif limp "
        "lot lunch ne neck needl new nois non oil open overdos painful palm panadol partn pas plan poking poo popp pull "
        "puls purpl rash real ribs round safe sat says second seeing shook show sight sitt size skin smash soak soft "
        "someon something son sort spin spit spray squeez stif stung suck swel swollen tea teeth then thre time toilet "
        "told using vision voic wee weed wet word wound "
    ),
    1: (
        "12 28 40 5 6 accident ache acid acros afraid again ago allergic alread ambulanc answ appl armpit arms ate "
        "attack badl bash began bit bitten blad bleach bottl bottom breakfast breastbon bring bsl button c cast caught "
        "chemo cloud confus croak curtain dark days deal die disappear dishwash doesnt dog doubl drain dreadful drink "
        "drip droop drop drows end ending even everyth ex faint fall feed fella fever fing fingertip fitt floater floor "
        "flop fluid forget four front funn gave go grey grind ground guts havent headach hear heav held home husband "
        "instead insulin into just kettl kill kitchen last leak littl lost lying making mention metal mi morn moth move "
        "mower muddl mum muy nan near nonstop notic nowher numb odd off oh one pads pale peed peeing peopl petrol "
        "poison poos prawn pregnant pressur pump quick quiet raw reaction rednes regret rememb ripp rock roof room say "
        "scream section sentenc settl shak sheet short sleep slip slur smil socket sorr speak speech spew splash spread "
        "stair stink strang stuck sunken swallow taken tbh templ terribl than thos thought through thumb tin ting tip "
        "toes train trampolin tumbl tumm unbearabl unconsciou wake watch weak whatev wheez whil whistl woke work worr "
        "worst y "
    ),
    -1: (
        "000 14 2m9q 7 80 actual agre ah ahead alright antihistamin anyon anyth anywher ask away awful back bali becaus "
        "befor bike bled blist blur boil both broken brush busy cake camp canc cancel cap chat check chemist chicken "
        "child code comfortabl contact cool copy correct could cours cream crying dandruf daught decid declin delet "
        "derm didnt died disregard disturb doc ears eating elbow embarras fading fath favor find finger finish flak "
        "flar foot forgot form frida friend from fungal gets gett give gran graz groin gums gunk guys haha hair heap "
        "hello hips hive ignor imag infection ingrown jamm k4tp kid kind knee knock knuckl late leav left lens list "
        "long loos love margaret mean meant merci merr mind mine mistak mobil mole moment mozzi nail name napp nein "
        "neith netbal next night normal noth nurs okay olli only oops oui overnight park patch person photo photograph "
        "pic pick pie pierc plac plast pleas por powd pox pref privat pus rath reason reckon record regard remov repl "
        "revok ringworm rub same saturda saw scal scalp school scrap sec send shav shoulder shouldnt si sister slow "
        "smal sole somebod sometim sore specialist spid spra stomach stretch strong stud student sun sunburn sure "
        "system ta tablet tatto temperatur tetanu thick thigh threw thumbsdown thumbsup tick toddl toenail tomorrow "
        "tooth top tray two typing ulcer under undo unsend updat use usual vein walk warfarin weekend weep wher which "
        "why wife wint wipe withdraw wors ya yep yet "
    ),
    -2: (
        "10 3 38 4821 4qxd 9trp alway bandag bin birthmark bump burn can caus cheer chin clear consentr cover crook "
        "dinn dont dose dry easi else enough eras flu food get happ heal heel how ill k7m know la let lump make mark "
        "mias morning nah need neighbour never none nope not octob once operation other paper play rid run scab see "
        "shin splint sting stitch that throb tuesda twent une wait warm wart well whit wind writ yeah year yellow your "
    ),
    -3: (
        "7f3k about any around behind bett bite body chuck crack crust daycar dead doctor dr feet first good hs img "
        "infect later lee lip no ok sam scratch shingl so sunda take thursda tongu when who will yesterda "
    ),
    -4: ("chang fine less nose phon stil stop troubl wash yes "),
    -5: ("hayfev kept lol now thank twitch "),
    -7: ("toe "),
}
