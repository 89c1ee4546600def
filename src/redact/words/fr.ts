import type { LanguageWords } from "./language-words";

export const fr: LanguageWords = {
    units: ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    teens: ["dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"],
    tens: ["vingt vingts", "trente", "quarante", "cinquante", "soixante", "septante", "huitante octante", "nonante"],
    compounds: {},
    numberLinks: "et",
    hundreds: "cent cents",
    doubles: "double",
    triples: "triple",
    plus: "plus",
    dashes: "tiret moins",
    underscores: "souligné underscore",
    dots: "point",
    ats: "arobase arrobase arobas at",

    months: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    dateWords: "premier er cent cents mille mil",
    yearBeginnings: [],
    dateLinks: "le du de en",
    birth: "né née naissance anniversaire nés",

    streets: "rue avenue boulevard chemin allée impasse quai av bd",
    unsureStreets: "place route cours square passage sentier",
    streetOrder: "number-street-name",
    streetEndings: [],
    noStreets: "",
    numberSigns: "numéro",
    addressBefore: "adresse habite habitons habitent livrer livraison envoyer envoie réside domicile",

    codeBefore: "pin code mot passe compte client adhérent référence passeport combinaison digicode secret dossier",
    phoneBefore: "appelle appeler téléphone numéro portable mobile joindre compose fixe fax rappelle whatsapp tél",
    idBefore: "sécurité sociale nir insee identité sécu",

    firstNames:
        "jean michel philippe alain patrick nicolas christophe daniel bernard stéphane frédéric laurent david éric pascal thierry olivier julien sébastien alexandre thomas gérard guillaume jacques vincent anthony maxime antoine françois bruno dominique kevin jérôme romain benjamin quentin hugo lucas léo gabriel louis raphaël arthur jules adam paul nathan théo mathis marie nathalie isabelle sylvie catherine françoise martine christine monique valérie sandrine véronique nicole stéphanie sophie anne céline chantal patricia julie brigitte laurence aurélie christelle émilie virginie dominique élodie caroline camille manon léa chloé emma inès jade louise alice lina mathilde juliette charlotte margaux amélie hélène delphine lola zoé ambre eva romane anaïs pauline marion laura mélanie agnès florence annie jeanne simone denise jacqueline colette yvette odette geneviève suzanne madeleine joséphine clara ethan enzo noah tom sacha maël gabin timothée clément théodore rémi yann loïc gaël fabien ludovic cédric arnaud damien grégory franck serge roger andré rené georges henri marcel robert yves gilbert didier hervé mohamed karim fatima samira nadia",
    unsureNames:
        "pierre rose claire olive marguerite aurore victoire marc france clémence constance désiré aimée ange fleur lila violette iris jasmin prudence océane perle reine lucie max",
    surnames:
        "martin bernard thomas petit robert richard durand dubois moreau laurent simon michel lefebvre lefèvre leroy roux david bertrand morel fournier girard bonnet dupont lambert fontaine rousseau vincent muller faure andré mercier blanc guérin boyer garnier chevalier françois legrand gauthier garcia perrin robin clément morin nicolas henry roussel mathieu gautier masson marchand duval denis dumont lemaire noël meyer dufour meunier brun blanchard giraud joly rivière lucas brunet gaillard barbier arnaud martinez gérard roche renard schmitt roy leroux colin vidal caron picard roger fabre aubert lemoine renaud dumas lacroix olivier philippe bourgeois pierre benoît rey leclerc payet rolland leclercq guillaume lecomte lopez",
    nameLinks: "de du le la",
    personBefore:
        "appelle appeler rappelle contacte préviens écris demande dis cher chère bonjour salut rejoins invite message nommé nommée",
    titles: "monsieur mr mme madame mlle mademoiselle",
    unsureTitles: "docteur dr professeur maître",
    introductions: ["je m appelle", "mon nom est", "nom est", "prénom est"],
    stops: "le la les un une des du de d l et ou est sont était dans en au aux à par pour sur sous avec sans ce cet cette ces mon ma mes ton ta tes son sa ses notre votre leur je tu il elle on nous vous ils elles me te se moi toi lui y qui que quoi où quand comment pourquoi ne pas non oui s il te plaît maintenant aujourd hui demain hier ici là allume éteins mets règle baisse monte lumière lampe chauffage degrés pour cent minutes minute heures heure secondes tout toute tous plus moins a ai as ont svp merci n c j m t stp demain soir matin",
    capitalsTellNames: true,
    countries: ["FR", "BE", "CH"],
};
