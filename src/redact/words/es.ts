import type { LanguageWords } from "./language-words";

export const es: LanguageWords = {
    units: ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
    teens: ["diez", "once", "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve"],
    tens: ["veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"],
    compounds: {
        veintiuno: 21,
        veintiún: 21,
        veintidós: 22,
        veintitrés: 23,
        veinticuatro: 24,
        veinticinco: 25,
        veintiséis: 26,
        veintisiete: 27,
        veintiocho: 28,
        veintinueve: 29,
    },
    numberLinks: "y",
    hundreds: "",
    doubles: "doble",
    triples: "triple",
    plus: "más",
    dashes: "guion menos",
    underscores: "subrayado",
    dots: "punto",
    ats: "arroba",

    months: "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre",
    dateWords: "primero mil cien ciento novecientos ochocientos",
    yearBeginnings: [],
    dateLinks: "el de del y en",
    birth: "nací nació nacido nacida nacimiento cumpleaños",

    streets: "calle avenida carretera travesía avda glorieta callejón",
    unsureStreets: "plaza paseo camino ronda vía",
    streetOrder: "street-name-number",
    streetEndings: [],
    noStreets: "",
    numberSigns: "número núm nº",
    addressBefore: "dirección vivo vive vivimos viven domicilio enviar envía entrega entregar resido reside",

    codeBefore: "pin código contraseña clave cuenta cliente socio referencia pasaporte combinación expediente",
    phoneBefore: "llama llamar llámame teléfono número móvil celular marca fijo fax contacta whatsapp localizar",
    idBefore: "dni nie nif identidad documento extranjero",

    firstNames:
        "antonio josé manuel francisco juan david javier daniel carlos jesús alejandro miguel rafael pedro pablo sergio fernando jorge luis alberto álvaro diego adrián raúl enrique ramón vicente iván rubén óscar andrés joaquín santiago eduardo víctor roberto jaime mario ignacio alfonso salvador ricardo marcos jordi emilio julián guillermo gabriel tomás agustín gonzalo hugo mateo martín lucas maría carmen ana isabel laura cristina marta lucía josefa antonia francisca paula elena sara raquel manuela juana beatriz  julia patricia silvia nerea ainhoa leire noa daniela mariana gabriela adriana fátima aitana candela jimena emma carlota virginia amparo begoña inmaculada asunción ariadna iker aitor unai xavier pau arnau álex nicolás samuel ismael marc felipe gregorio lorenzo esteban césar bruno izan gael josé irene nuria andrea encarnación montserrat sandra mónica teresa alicia marina sonia susana natalia yolanda claudia carla sofía inés eva noelia lorena verónica esther daniela valeria martina",
    unsureNames:
        "leo rosa mercedes consuelo dolores pilar luz sol mar paz ángel cruz alba linda domingo rocío nieves ángeles concepción esperanza margarita fe gloria victoria estrella aurora iris clara blanca reyes celeste julio abril jazmín modesto máximo bárbara olivia perla",
    surnames:
        "garcía rodríguez gonzález fernández lópez martínez sánchez pérez gómez martín jiménez hernández ruiz díaz moreno muñoz álvarez romero gutiérrez alonso navarro torres domínguez ramos vázquez ramírez gil serrano morales molina blanco suárez castro ortega delgado ortiz marín rubio núñez medina sanz castillo iglesias cortés garrido santos guerrero lozano cano cruz méndez flores prieto herrera peña león márquez cabrera gallego calvo vidal campos reyes vega fuentes carrasco díez aguilar caballero nieto santana pascual herrero montero lorenzo hidalgo giménez ibáñez ferrer durán santiago benítez vargas arias mora carmona crespo román pastor soto sáez velasco moya soler parra esteban bravo gallardo rojas",
    nameLinks: "de del la",
    personBefore:
        "llama llamar avisa escribe pregunta dile di pregúntale contacta querido querida hola mensaje invita recuérdale llamado llamada recuerda",
    titles: "señor sr señora sra señorita srta don doña",
    unsureTitles: "doctor doctora dr dra profesor profesora",
    introductions: ["me llamo", "mi nombre es", "nombre es"],
    stops: "el la los las un una unos unas lo al de del y e o u es son era en por para con sin sobre a mi tu su mis tus sus nuestro vuestro yo tú él ella nosotros ellos me te se le les nos que qué quién cómo cuándo dónde por no sí ahora hoy mañana ayer aquí ahí allí enciende apaga pon sube baja luz luces lámpara calefacción grados ciento minutos minuto horas hora segundos todo toda todos más menos favor ha he han está están muy también gracias noche tarde esta este",
    capitalsTellNames: true,
    countries: ["ES"],
};
