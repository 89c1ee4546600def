import type { LanguageWords } from "./language-words";

export const en: LanguageWords = {
    units: ["zero oh o nought", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine niner"],
    teens: [
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ],
    tens: ["twenty", "thirty", "forty fourty", "fifty", "sixty", "seventy", "eighty", "ninety"],
    compounds: {},
    numberLinks: "",
    hundreds: "hundred",
    doubles: "double",
    triples: "triple treble",
    plus: "plus",
    dashes: "dash hyphen minus",
    underscores: "underscore",
    dots: "dot",
    ats: "at",

    months: "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec",
    dateWords:
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth hundred thousand st nd rd th",
    yearBeginnings: [],
    dateLinks: "of the and on in",
    birth: "born birthday birthdate birth dob birthdays",

    streets: "street road avenue boulevard crescent terrace lane st rd ave blvd",
    unsureStreets: "drive close court way place square gardens grove hill row mews walk park dr ln",
    streetOrder: "number-name-street",
    streetEndings: [],
    noStreets: "",
    numberSigns: "number no",
    addressBefore: "address live lives living deliver delivered delivery send ship reside resides moved",

    codeBefore: "pin code passcode password account customer membership reference passport combination voucher serial",
    phoneBefore: "call ring phone text telephone mobile cell number reach dial fax whatsapp landline contact",
    idBefore: "ssn social security insurance nino tax id identity",

    firstNames:
        "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick jack dennis jerry tyler aaron henry nathan peter adam zachary walter kyle harold jeremy ethan carl keith roger gerald simon oliver harry liam noah lucas oscar mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy sandra betty ashley emily kimberly margaret donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia amy kathleen angela shirley emma anna brenda pamela nicole katherine samantha christine catherine virginia rachel janet maria heather diane julie joyce victoria kelly lauren joan evelyn olivia hannah megan andrea jacqueline martha alice sophie charlotte lucy ellie chloe isabella fiona amelia claire clare oscar freddie archie alfie theo arthur logan mia ava poppy freya evie millie florence matilda eleanor harriet imogen beth ben tom tim joe sam dave mike steve chris kate liz jen abby natalie zoe hazel natasha leanne gemma stacey stuart neil ian craig gareth owen rhys callum ewan duncan angus alan derek trevor nigel geoffrey phillip russell wayne terry",
    unsureNames:
        "mark will bill rose grace hope frank art rob sue pat dawn june april may august iris lily daisy ruby amber ivy violet jasmine olive holly joy faith gene guy max miles nick chase drew grant hunter cliff dale glen heath lance mason pierce rich robin rusty sandy sky summer autumn ray chip buddy penny ginger melody victor dean jean christian austin florence paris sydney georgia jordan chelsea dick",
    surnames:
        "smith jones taylor brown williams wilson johnson davies robinson wright thompson evans walker white roberts green hall wood jackson clarke miller davis garcia rodriguez martinez anderson thomas moore martin lee harris clark lewis young allen king scott hill adams baker nelson carter mitchell turner phillips campbell parker edwards collins stewart morris murphy cook rogers morgan cooper peterson bailey reed kelly howard cox ward richardson watson brooks bennett gray hughes",
    nameLinks: "van von de mac",
    personBefore:
        "call ring phone text message email tell ask remind invite dial contact facetime whatsapp meet meeting dear hi hello called named thank thanks",
    titles: "mr mrs ms mister missus",
    unsureTitles: "dr doctor professor miss sir",
    introductions: ["my name is", "my name's", "name is", "i am called"],
    stops: "the a an to of in on at for and or is are was be been it its this that these those my your his her our their me you him them us with from by as if then now not no yes do does did can could will would should have has had up down off out please turn set make switch dim what when where who how why which i we they he she there here all every some any more less very just so today tomorrow tonight yesterday minute minutes hour hours second seconds degrees percent light lights lamp lamps about after before again",
    capitalsTellNames: true,
    countries: ["GB", "US"],
};
