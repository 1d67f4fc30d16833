/**
 * Words for random names, all of the kind that people put into nicknames. The lists are long and plain, so that a name
 * made of them says nothing about the program that made it. chat.md 2.5
 */
export const ADJECTIVES: readonly string[] = `
  able active agile airy alert amber ample ancient apt arctic autumn awake azure balmy basic beige big blue bold bonny
  brave breezy brief bright brisk broad bronze brown busy calm candid careful casual cheerful chilly chosen civil classic
  clean clear clever close cloudy coastal cold comic cool copper coral cosmic cosy cozy crimson crisp curious daily dapper
  daring dark dawn dear decent deep deft dense direct distant divine dizzy double dreamy dry dusky dusty eager early
  earnest easy eastern electric elegant endless epic equal even exact expert fair faithful famous fancy fast fearless
  fine firm first fit fleet flying fond formal fortunate foxy free fresh friendly frosty frugal full funny furry gentle
  giant gifted glad gleaming global glossy golden good graceful grand grassy grateful great green grey handy happy hardy
  hazel hazy hearty helpful hidden high hilly honest hopeful humble icy ideal idle indigo inner iron ivory jade jolly
  jovial joyful keen kind large lasting late lavender lean legal level light likely lilac little lively local lofty lone
  long loud lovely loyal lucid lucky lunar magic main major maple marble marine mellow merry mighty mild mindful minor
  mint misty mobile modern modest mossy musical mystic native natural navy near neat neutral new nice nimble noble
  northern novel oaken obvious ocean odd old olive open orange orderly organic outer pale pastel patient peaceful peachy
  pearly perfect perky pink placid plain playful pleasant plucky plum plush polar polite popular posh precious pretty
  prime private proper proud pure purple quaint quick quiet radiant rainy rapid rare ready real red regal regular
  reliable rich ripe rising robust rocky rosy round royal ruby rural rustic sandy scarlet scenic secret serene shady
  sharp shiny short shy silent silky silver simple sincere single sleek sleepy slim slow small smart smiling smooth snowy
  social soft solar solid southern sparkling special speedy spicy splendid spring stable starry steady steel still
  stormy strong sturdy subtle sudden sugary summer sunny super sure sweet swift tall tame tender thankful thoughtful
  tidy timely tiny tough tranquil trim true trusty twin upbeat urban useful usual valid vast velvet vital vivid warm wary
  wavy western whole wide wild willing winged winter wise witty wonderful wooden woolly young zesty
`
  .trim()
  .split(/\s+/)

export const NOUNS: readonly string[] = `
  acorn actor album almond anchor angel ant apple apricot arrow artist ash aspen aster atlas aurora author badger baker
  bamboo banjo barn basil basket bay beach beacon bean bear beaver bee beetle bell berry birch bird bison bloom boat
  book boot bottle breeze brick bridge brook broom brush bubble bucket buffalo butter button cabin cactus camel camera
  candle canoe canyon captain cardinal carrot castle cat cedar cello chalk chef cherry chestnut chime cinema circle citrus
  city clay cliff clock cloud clover coast cobalt coconut comet compass cookie coral cottage cotton cougar cove coyote
  crab crane crater creek cricket crow crown crystal cup cyclist daisy dancer deer delta desert diamond diver dog dolphin
  donkey door dove dragon drum duck dune eagle earth echo eclipse elephant elk elm ember engine explorer falcon farmer
  feather fern ferry field fig finch fire fish flame flamingo flower flute forest fountain fox friend frog galaxy garden
  gardener garlic garnet gazelle gecko ginger giraffe glacier globe goat goose grape grass grove guest guide guitar gull
  hammer harbor hare harp hawk hazel heart hedgehog helmet heron hill hiker honey horizon horse house hunter iguana ink
  iris island ivy jacket jaguar jasmine jay jewel jungle juniper kettle key kite kitten kiwi koala ladder lagoon lake
  lamp lantern lark laurel leaf lemon leopard lily lime lion lizard llama lotus lynx magnet magpie mango maple mare market
  marmot meadow melon meteor mill mint mirror mole moon moose morning moss moth mountain mouse museum nectar needle nest
  night notebook nut oak oasis ocean olive onion opal orange orbit orchard orchid orca otter owl oyster painter palm
  panda panther paper parade parrot peach peacock pear pearl pebble pelican pencil penguin pepper phoenix piano pigeon
  pilot pine planet plum poet pond pony poppy potter prairie puffin pumpkin puppy puzzle quail quartz rabbit raccoon
  rain rainbow raven reader reef ribbon rider river robin rock rocket rose runner saddle saffron sage sail sailor salmon
  sand sapphire scholar scout sea seal seed shadow shark sheep shell ship shore singer skater sky sloth snail snow
  sparrow spider spruce squirrel star starling stone stork storm stream summit sun sunrise swan swimmer table tailor
  teacher tent thistle thrush thunder tiger timber toad tomato torch tortoise tower trail train traveler tree trout
  trumpet tulip tuna tunnel turtle valley vase velvet village vine viola violet violin vulture wagon walnut walrus
  warbler water wave weaver whale wheat willow wind window wing winter wolf wonder wood wren writer yak zebra
`
  .trim()
  .split(/\s+/)
