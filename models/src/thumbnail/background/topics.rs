//! The vocabulary: places, things and looks. The words of a line are set off by spaces.

use super::props::Prop;
use super::scenes::Family;

/// Words and the background that they name.
pub(super) type Place = (&'static str, Family);

/// Words, their background and their prop.
pub(super) type Topic = (&'static str, Family, Option<Prop>);

/// Where something happens: decides the background.
pub(super) const PLACES: &[Place] = &[
    (
        "mountain alps alp hike hiking trail summit peak climb climbing trek trekking himalaya berg berge \
         wandern montagne montaña valley landscape volcano",
        Family::Mountains,
    ),
    ("forest wood woods jungle wald bosque forêt foret rainforest", Family::Forest),
    (
        "ocean sea beach coast island surf surfing wave sail sailing boat ship fish fishing dive diving \
         underwater meer strand playa mer plage vacation holiday lake swim swimming",
        Family::Ocean,
    ),
    (
        "space galaxy universe planet star stars astronomy cosmos nasa mars moonlanding blackhole alien ufo \
         scifi weltraum espacio espace nebula asteroid astronaut",
        Family::Space,
    ),
    ("desert sahara dune egypt pyramid oasis wüste desierto cactus", Family::Desert),
    (
        "winter snow ski skiing snowboard christmas xmas weihnachten ice arctic antarctica navidad snowman \
         polar",
        Family::Winter,
    ),
    (
        "city skyline downtown street newyork nyc london paris tokyo berlin stadt ciudad ville urban \
         metropolis apartment realestate architecture",
        Family::Skyline,
    ),
    (
        "haunted ghost ghosts graveyard cemetery horror scary halloween zombie vampire witch creepy \
         paranormal monster nightmare",
        Family::Haunted,
    ),
    ("stadium arena pitch", Family::Stadium),
    ("concert festival stage nightclub club", Family::Stage),
    ("kitchen restaurant bakery cafe café küche cocina cuisine", Family::Tabletop),
    ("classroom blackboard chalkboard", Family::Blackboard),
    ("sky cloud clouds heaven", Family::Clouds),
    ("office bedroom livingroom interior apartment homeoffice desksetup", Family::Room),
];

/// What it is about, from the particular to the general: decides the prop, and the background when no place was
/// named.
pub(super) const TOPICS: &[Topic] = &[
    (
        "stockmarket stocks stock invest investing investment investor money bitcoin crypto cryptocurrency \
         ethereum trading trader finance financial dividend economy inflation budget tax salary income \
         wealth rich saving passiveincome geld dinero argent bank etf",
        Family::Market,
        Some(Prop::Coins),
    ),
    (
        "cake cupcake birthday dessert cookie muffin kuchen torte pastry gâteau gateau torta icing \
         chocolate",
        Family::Tabletop,
        Some(Prop::Cake),
    ),
    (
        "bread sourdough baking bake baguette dough loaf toast brot backen pan pain pane",
        Family::Tabletop,
        Some(Prop::Bread),
    ),
    (
        "coffee espresso latte cappuccino tea kaffee café cafe barista breakfast matcha cocoa",
        Family::Tabletop,
        Some(Prop::Coffee),
    ),
    (
        "cooking cook soup stew pasta recipe meal dinner lunch chef curry rice noodle kochen cocinar vegan \
         food pizza receta rezept recette mealprep sauce ramen",
        Family::Tabletop,
        Some(Prop::Pot),
    ),
    ("wine beer cocktail fruit salad cheese burger sushi steak diet", Family::Tabletop, None),
    (
        "gaming game gamer gameplay speedrun minecraft fortnite roblox playstation xbox nintendo console \
         esports esport letsplay videogame zelda streamer twitch spiel juego",
        Family::Neon,
        Some(Prop::Controller),
    ),
    (
        "coding code programming programmer developer software python rust javascript typescript linux \
         webdev website database devops programmieren api docker kubernetes hacker hacking cybersecurity",
        Family::Circuit,
        Some(Prop::Laptop),
    ),
    (
        "ai ki ml robot robotics chatgpt gpt llm machinelearning neural technology tech computer chip \
         processor cpu gpu electronics arduino quantum data algorithm internet network server",
        Family::Circuit,
        None,
    ),
    ("laptop macbook notebook pc", Family::Studio, Some(Prop::Laptop)),
    (
        "phone iphone smartphone android app mobile handy tiktok instagram socialmedia",
        Family::Studio,
        Some(Prop::Phone),
    ),
    (
        "camera photography photographer photo lens vlog vlogging filmmaking filmmaker kamera foto cámara \
         video cinematography videography",
        Family::Studio,
        Some(Prop::Camera),
    ),
    ("guitar band rock song chord gitarre guitarra guitare bass ukulele", Family::Stage, Some(Prop::Guitar)),
    (
        "podcast microphone mic singing singer karaoke interview vocal comedy standup voice radio speech \
         rap",
        Family::Stage,
        Some(Prop::Microphone),
    ),
    (
        "headphone lofi beats dj techno edm playlist audio sound mixtape album",
        Family::Stage,
        Some(Prop::Headphones),
    ),
    (
        "music live dance party piano drum jazz orchestra musik música musique theatre theater",
        Family::Stage,
        None,
    ),
    (
        "champion champions winner trophy award tournament cup medal victory success winning olympics",
        Family::Stadium,
        Some(Prop::Trophy),
    ),
    (
        "football soccer fussball fußball fútbol futbol fifa worldcup goal bundesliga premierleague",
        Family::Stadium,
        Some(Prop::Football),
    ),
    (
        "gym workout fitness dumbbell muscle bodybuilding exercise strength weights crossfit abs training \
         weightloss",
        Family::Stadium,
        Some(Prop::Dumbbell),
    ),
    (
        "sport sports basketball tennis running marathon athlete boxing baseball rugby hockey cricket match",
        Family::Stadium,
        None,
    ),
    ("rocket launch startup spacex spaceship rakete cohete spacetravel", Family::Space, Some(Prop::Rocket)),
    ("science physics theory future astrology dream", Family::Space, None),
    (
        "car cars roadtrip driving drive race racing tesla bmw porsche ferrari auto coche voiture truck \
         vehicle supercar formula1 f1 garage ev sportscar",
        Family::Road,
        Some(Prop::Car),
    ),
    (
        "road motorcycle motorbike bike bicycle cycling journey highway route adventure strasse",
        Family::Road,
        None,
    ),
    (
        "plane flight flights airplane aircraft airport flying aviation pilot flug vuelo travel trip \
         tourism reise viaje voyage airline jet passport",
        Family::Clouds,
        Some(Prop::Plane),
    ),
    (
        "camping camp tent bushcraft survival backpacking outdoor outdoors campfire zelten",
        Family::Forest,
        Some(Prop::Tent),
    ),
    (
        "tree garden gardening plant nature baum garten árbol arbre jardín jardin climate environment \
         sustainability ecology eco apple farm farming",
        Family::Forest,
        Some(Prop::Tree),
    ),
    ("bird animal wildlife deer bear wolf mushroom fairy elf yoga meditation", Family::Forest, None),
    ("cat kitten katze gato chat kitty pet dog puppy hund perro", Family::Room, Some(Prop::Cat)),
    ("pumpkin halloween", Family::Haunted, Some(Prop::Pumpkin)),
    ("mystery murder crime truecrime ghoststory legend dark fear", Family::Haunted, None),
    (
        "present gift giveaway surprise unboxing geschenk regalo cadeau sale discount blackfriday",
        Family::Studio,
        Some(Prop::Gift),
    ),
    (
        "history book reading literature novel school university student geschichte historia buch libro \
         livre philosophy language english learn learning library author writing poetry bible homeschool",
        Family::Blackboard,
        Some(Prop::Book),
    ),
    (
        "math maths mathematics algebra geometry calculus exam chemistry biology education teacher teaching \
         lesson lecture course mathe schule escuela école equation explained tutorial",
        Family::Blackboard,
        None,
    ),
    ("study studying homework lernen", Family::Room, Some(Prop::Book)),
    (
        "room home house desk setup office studio furniture decor minimalism cleaning diy renovation haus \
         casa maison sofa ikea makeover design",
        Family::Room,
        None,
    ),
    (
        "business company corporate strategy marketing job career ceo entrepreneur law lawyer politics news \
         property night nightlife noir detective superhero batman",
        Family::Skyline,
        None,
    ),
    (
        "art painting paint artist drawing draw watercolor watercolour malen kunst arte acrylic sketch \
         illustration creative color colour",
        Family::Ribbons,
        Some(Prop::Palette),
    ),
    (
        "idea ideas tip tips trick tricks hack hacks lifehack lifehacks inspiration innovation invention \
         brain genius idee thinking facts fact electricity energy",
        Family::Sunburst,
        Some(Prop::Bulb),
    ),
    (
        "love dating wedding valentine valentines relationship marriage romance liebe amor amour health \
         heart selfcare",
        Family::Mesh,
        Some(Prop::Heart),
    ),
    (
        "time clock deadline schedule productivity timer minutes hour zeit tiempo temps focus habit routine \
         planner procrastination",
        Family::Studio,
        Some(Prop::Clock),
    ),
    (
        "review product fashion beauty makeup skincare perfume shoe shoes sneaker sneakers watch outfit \
         style best vs comparison",
        Family::Studio,
        None,
    ),
    (
        "challenge reaction funny epic comic crazy insane explosion top10 quiz fail prank kids announcement \
         hero",
        Family::Sunburst,
        None,
    ),
    ("craft origami paper story fairytale tale scrapbook", Family::PaperCut, None),
    (
        "abstract gradient wellness mindfulness relax sleep psychology motivation background wallpaper soft",
        Family::Mesh,
        None,
    ),
];

/// Style entries that name a kind of background.
pub(super) const LOOKS: &[Place] = &[
    ("comic comics popart halftone sunburst cartoon manga anime", Family::Sunburst),
    ("papercut papercraft cutout cutouts layered origami", Family::PaperCut),
    ("gradient gradients mesh abstract blobs liquid glassmorphism 3d", Family::Mesh),
    ("brush brushstroke brushstrokes ribbon ribbons wavy waves", Family::Ribbons),
    ("synthwave retrowave vaporwave outrun neongrid arcade", Family::Neon),
    ("studio product podium", Family::Studio),
    ("chalk chalkboard blackboard", Family::Blackboard),
    ("bokeh", Family::Tabletop),
    ("starry cosmic galaxy", Family::Space),
    ("circuit circuitboard", Family::Circuit),
];
