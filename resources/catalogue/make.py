"""Writes resources/{prompts,catalogue,suites} from the data files of Python packages that were downloaded before:

    pip download --no-deps -d wheels clip-benchmark open_clip_torch tensorflow-datasets timm
    python3 resources/catalogue/make.py wheels

The program never fetches them: what is written is committed. NOTICE.md names the packages' licences.
"""
import ast
import glob
import json
import os
import re
import sys
import zipfile

RESOURCES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BENCHMARK = "clip-benchmark (MIT)"
OPENCLIP = "open_clip_torch (MIT)"
TFDS = "tensorflow-datasets (Apache-2.0)"
AUTHORS = "the dataset's own label list"

CIFAR10 = "airplane automobile bird cat deer dog frog horse ship truck".split()
STL10 = "airplane bird car cat deer dog horse monkey ship truck".split()
CIFAR100 = """apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can
castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin
elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard
lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear
pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark
shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone
television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm""".split()
AIRCRAFT = """707-320,727-200,737-200,737-300,737-400,737-500,737-600,737-700,737-800,737-900,747-100,747-200,747-300,
747-400,757-200,757-300,767-200,767-300,767-400,777-200,777-300,A300B4,A310,A318,A319,A320,A321,A330-200,
A330-300,A340-200,A340-300,A340-500,A340-600,A380,ATR-42,ATR-72,An-12,BAE 146-200,BAE 146-300,BAE-125,
Beechcraft 1900,Boeing 717,C-130,C-47,CRJ-200,CRJ-700,CRJ-900,Cessna 172,Cessna 208,Cessna 525,Cessna 560,
Challenger 600,DC-10,DC-3,DC-6,DC-8,DC-9-30,DH-82,DHC-1,DHC-6,DHC-8-100,DHC-8-300,DR-400,Dornier 328,E-170,
E-190,E-195,EMB-120,ERJ 135,ERJ 145,Embraer Legacy 600,Eurofighter Typhoon,F-16A/B,F/A-18,Falcon 2000,
Falcon 900,Fokker 100,Fokker 50,Fokker 70,Global Express,Gulfstream IV,Gulfstream V,Hawk T1,Il-76,L-1011,MD-11,
MD-80,MD-87,MD-90,Metroliner,Model B200,PA-28,SR-20,Saab 2000,Saab 340,Spitfire,Tornado,Tu-134,Tu-154,Yak-42"""
AIRCRAFT = AIRCRAFT.replace("\n", "").split(",")
EUROSAT = ("AnnualCrop Forest HerbaceousVegetation Highway Industrial Pasture PermanentCrop Residential River "
           "SeaLake").split()
CALTECH_FIRST = ["background_google", "faces", "faces_easy", "leopards", "motorbikes"]  # capitals sort first

# One hand-made prompt a dataset, as CoOp and what came after it use.
COOP = {"pets": "a photo of a {}, a type of pet.", "flowers": "a photo of a {}, a type of flower.",
        "fgvc_aircraft": "a photo of a {}, a type of aircraft.", "dtd": "{} texture.",
        "eurosat": "a centered satellite photo of {}.", "food101": "a photo of {}, a type of food.",
        "ucf101": "a photo of a person doing {}.", "imagenet1k": "a photo of a {}.", "caltech101": "a photo of a {}.",
        "cars": "a photo of a {}.", "sun397": "a photo of a {}."}
# Where CLIP_benchmark has none.
OWN = {"ucf101": ["a photo of a person doing {}."], "cub": ["a photo of a {}, a type of bird."],
       "mit_states": ["a photo of a {}."]}


class Wheels:
    def __init__(self, folder):
        self.folder = folder

    def read(self, package, path):
        found = sorted(glob.glob(os.path.join(self.folder, package + "-*.whl")))
        if not found:
            sys.exit(f"There is no wheel of {package} in {self.folder}; see the head of this file.")
        with zipfile.ZipFile(found[-1]) as wheel:
            return wheel.read(path).decode("utf-8")

    def lines(self, package, path):
        return [line.strip() for line in self.read(package, path).splitlines() if line.strip()]

    def list_in(self, package, path, name):
        for node in ast.parse(self.read(package, path)).body:
            if isinstance(node, ast.Assign) and node.targets[0].id == name:
                return [element.value for element in node.value.elts]
        sys.exit(f"There is no {name} in {path}.")


def spoken(names):
    return [name.replace("_", " ") for name in names]


def write(path, value):
    with open(os.path.join(RESOURCES, path), "w", encoding="utf-8") as out:
        json.dump(value, out, ensure_ascii=False, indent=1)
        out.write("\n")


def prompts(wheels):
    """The 80 and the 7 templates of ImageNet, CLIP's by dataset, CoOp's by dataset; returns CLIP's."""
    source = wheels.read("open_clip_torch", "open_clip/zero_shot_metadata.py")
    for name, variable, count in (("openai", "OPENAI", 80), ("imagenet-simple", "SIMPLE", 7)):
        body = source.split(variable + "_IMAGENET_TEMPLATES = (")[1].split("\n)")[0]
        texts = [match.replace("{c}", "{}") for match in re.findall(r"lambda c: f'(.*)',", body)]
        assert len(texts) == count, (name, len(texts))
        write(f"prompts/{name}.json", texts)
    theirs = json.loads(wheels.read("clip_benchmark",
                    "clip_benchmark/datasets/en_zeroshot_classification_templates.json"))
    clip = {name: [text.replace("{c}", "{}") for text in texts] for name, texts in theirs.items() if name != "dummy"}
    clip.update(OWN)
    write("prompts/clip.json", clip)
    write("prompts/coop.json", {name: [text] for name, text in COOP.items()})
    return clip


def sun397(line):
    return line[3:].replace("/", " ").replace("_", " ")


def action(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def entries(wheels):
    names = json.loads(wheels.read("clip_benchmark", "clip_benchmark/datasets/en_classnames.json"))
    tfds = "tensorflow_datasets/image_classification/"
    caltech = wheels.lines("tensorflow_datasets", tfds + "caltech101_labels.txt")
    caltech = CALTECH_FIRST + sorted(set(caltech) - set(CALTECH_FIRST))
    sun = wheels.lines("tensorflow_datasets", tfds + "sun397_labels.txt")
    ucf = wheels.lines("tensorflow_datasets", "tensorflow_datasets/video/ucf101_labels.txt")
    wnids = wheels.lines("timm", "timm/data/_info/imagenet_synsets.txt")
    imagenet = {"classes": names["imagenet1k"], "folders": wnids, "telling_folders": True, "sorted_folders": True,
                "templates": "openai", "origin": BENCHMARK + "; WordNet ids: timm (Apache-2.0)"}
    food = wheels.lines("tensorflow_datasets", tfds + "food-101_classes.txt")
    return [
        dict(id="imagenet1k", title="ImageNet", names=["imagenet", "imagenet2012", "ilsvrc2012", "imagenet-val"],
             **imagenet),
        dict(id="imagenet_sketch", title="ImageNet-Sketch", names=["imagenet-sketch", "sketch"], **imagenet),
        dict(id="imagenet_v2", title="ImageNet-V2", names=["imagenetv2", "imagenetv2-matched-frequency-format-val"],
             **imagenet),
        dict(id="food101", title="Food-101", names=["food-101", "food101"], classes=spoken(food), origin=TFDS),
        dict(id="cifar10", title="CIFAR-10", names=["cifar-10"], classes=CIFAR10, origin=AUTHORS),
        dict(id="cifar100", title="CIFAR-100", names=["cifar-100"], classes=spoken(CIFAR100), origin=AUTHORS),
        dict(id="cub", title="CUB-200-2011", names=["cub200", "cub-200-2011", "caltech-birds"],
             origin="No freely licensed list; names are taken from the class folders without their numbers."),
        dict(id="sun397", title="SUN397", names=["sun-397"], classes=[sun397(one) for one in sun], origin=TFDS),
        dict(id="cars", title="Stanford Cars", names=["stanford-cars", "cars196", "stanfordcars"],
             classes=wheels.list_in("tensorflow_datasets", tfds + "cars196.py", "_NAMES"), origin=TFDS),
        dict(id="fgvc_aircraft", title="FGVC-Aircraft", names=["aircraft", "fgvc-aircraft-2013b"], classes=AIRCRAFT,
             metric="mean_per_class_recall", origin=AUTHORS),
        dict(id="pets", title="Oxford-IIIT Pets", names=["oxford-pets", "oxford-iiit-pet", "oxford-iiit-pets"],
             classes=names["pets"], metric="mean_per_class_recall", origin=BENCHMARK),
        dict(id="caltech101", title="Caltech-101", names=["caltech-101", "101_ObjectCategories"],
             classes=names["caltech101"], folders=caltech, metric="mean_per_class_recall",
             origin=BENCHMARK + "; folders: " + TFDS),
        dict(id="flowers", title="Oxford Flowers 102", names=["flowers102", "oxford-flowers", "oxford-flowers102"],
             classes=names["flowers"], metric="mean_per_class_recall", origin=BENCHMARK),
        dict(id="mnist", title="MNIST", names=["mnist-digits"], classes=names["mnist"], origin=BENCHMARK),
        dict(id="stl10", title="STL-10", names=["stl-10"], classes=STL10, origin=AUTHORS),
        dict(id="gtsrb", title="GTSRB", names=["german-traffic-signs"], classes=names["gtsrb"], sorted_folders=True,
             origin=BENCHMARK),
        dict(id="dtd", title="DTD", names=["describable-textures", "dtd-r1.0.1"], origin=TFDS,
             classes=spoken(wheels.lines("tensorflow_datasets", tfds + "dtd_key_attributes.txt"))),
        dict(id="eurosat", title="EuroSAT", names=["eurosat-rgb"], classes=names["eurosat"], folders=EUROSAT,
             sorted_folders=True, origin=BENCHMARK),
        dict(id="resisc45", title="RESISC45", names=["nwpu-resisc45", "resisc-45"], origin=TFDS,
             classes=spoken(wheels.list_in("tensorflow_datasets",
                                           "tensorflow_datasets/datasets/resisc45/resisc45_dataset_builder.py",
             "_LABELS"))),
        dict(id="pcam", title="PatchCamelyon", names=["patch-camelyon"], classes=names["pcam"], origin=BENCHMARK),
        dict(id="country211", title="Country211", names=["country-211"], classes=names["country211"],
             sorted_folders=True,
             origin=BENCHMARK),
        dict(id="kitti", title="KITTI distance", names=["kitti-distance", "kitti_closest_vehicle_distance"],
             classes=names["kitti_closest_vehicle_distance"], templates="clip:kitti_closest_vehicle_distance",
             origin=BENCHMARK),
        dict(id="ucf101", title="UCF101", names=["ucf-101", "ucf101-midframes"],
             classes=[action(one) for one in ucf], origin=TFDS),
        dict(id="mit_states", title="MIT-States", names=["mit-states", "release_dataset"],
             origin="No freely licensed list; the class folders' own names are taken."),
    ]


LLIP = """imagenet1k food101 cifar10 cifar100 cub sun397 cars fgvc_aircraft pets caltech101 flowers mnist stl10 gtsrb
dtd eurosat resisc45 pcam country211 kitti ucf101 mit_states""".split()
LIXP = "imagenet1k imagenet_sketch dtd food101 pets cars".split()


def main():
    wheels = Wheels(sys.argv[1])
    clip = prompts(wheels)
    known = set()
    for entry in entries(wheels):
        entry.setdefault("metric", "top1")
        entry.setdefault("templates", "clip:" + entry["id"])
        template = entry["templates"].removeprefix("clip:")
        assert template == "openai" or template in clip, entry["id"]
        assert len(entry.get("folders", entry.get("classes", []))) == len(entry.get("classes", [])), entry["id"]
        known.add(entry["id"])
        write(f"catalogue/{entry['id']}.json", entry)
    assert known.issuperset(LLIP + LIXP) and len(LLIP) == 22
    write("suites/llip-22.json", {
        "name": "llip-22", "title": "The 22 datasets of Llip's Table 1",
        "note": "Metrics as the catalogue has them; those of UCF101 and KITTI are of single frames "
                "unless the data say more.",
        "datasets": [{"data": name} for name in LLIP]})
    write("suites/lixp-named.json", {
        "name": "lixp-named", "title": "Datasets that LIxP names with numbers",
        "note": "The paper averages over 21 datasets whose list was not at hand; these are those with "
                "published numbers.",
        "datasets": [{"data": name} for name in LIXP]})
    write("suites/built-in.json", {
        "name": "built-in", "title": "The built-in datasets",
        "note": "Emoji by group, Symbola by group and scenes by shape: there without any download.",
        "datasets": [{"data": "emoji"}, {"data": "symbola"}, {"data": "scenes"}]})


main()
