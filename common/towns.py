"""What people type for their time zone that no zone is named by: large towns, parts of countries, other names of them.

A list of our own rather than of a package (docs/adr/0002): those hold tens of thousands of towns in many megabytes, and
what is missing here is answered with suggestions (`common.zones.alike`). The larger town of a name is meant.
"""

TOWNS = """
Africa/Cairo: alexandria, giza
Africa/Casablanca: rabat, fes, marrakesh, marrakech
Africa/Johannesburg: cape town, durban, pretoria, soweto, port elizabeth
Africa/Kinshasa: drc
Africa/Lagos: abuja, ibadan, kano
Africa/Nairobi: mombasa
Africa/Dar_es_Salaam: dodoma
Africa/Algiers: oran
Africa/Accra: kumasi
America/Argentina/Buenos_Aires: argentina, la plata, rosario
America/Bogota: medellin, cali, barranquilla
America/Chicago: houston, dallas, austin, san antonio, fort worth, minneapolis, st louis, saint louis, milwaukee,
  new orleans, kansas city, nashville, memphis, oklahoma city, texas, illinois, minnesota, wisconsin, louisiana,
  missouri
America/Denver: salt lake city, albuquerque, colorado springs, colorado, utah, new mexico
America/Phoenix: tucson, arizona
America/Edmonton: calgary, alberta
America/Guayaquil: quito
America/Halifax: nova scotia
America/Los_Angeles: san francisco, san diego, san jose, seattle, las vegas, sacramento, portland, oakland, california,
  washington state, oregon, nevada
America/Mexico_City: guadalajara, puebla
America/New_York: nyc, new york city, boston, philadelphia, miami, atlanta, washington, washington dc, baltimore,
  charlotte, cleveland, columbus, pittsburgh, orlando, tampa, florida, georgia usa, new jersey, massachusetts,
  pennsylvania, ohio, north carolina, virginia
America/Sao_Paulo: rio de janeiro, rio, brasilia, belo horizonte, porto alegre, curitiba
America/Toronto: montreal, ottawa, quebec, quebec city, ontario, hamilton
America/Vancouver: victoria bc, british columbia
America/Winnipeg: manitoba
Asia/Baghdad: basra, mosul
Asia/Dhaka: chittagong
Asia/Dubai: abu dhabi, sharjah, uae, emirates
Asia/Ho_Chi_Minh: hanoi, da nang
Asia/Hong_Kong: kowloon
Asia/Jakarta: bandung, surabaya, medan, java, sumatra
Asia/Jerusalem: tel aviv, haifa, beer sheva, beersheba, rishon lezion
Asia/Karachi: lahore, islamabad, rawalpindi, faisalabad
Asia/Kolkata: mumbai, bombay, delhi, new delhi, bangalore, bengaluru, chennai, madras, hyderabad, pune, ahmedabad,
  surat, jaipur, lucknow, kanpur, nagpur
Asia/Kuala_Lumpur: penang, johor bahru
Asia/Manila: quezon city, cebu, davao
Asia/Pyongyang: north korea
Asia/Riyadh: jeddah, mecca, medina
Asia/Seoul: south korea, korea, busan, incheon, daegu
Asia/Shanghai: beijing, peking, guangzhou, shenzhen, tianjin, wuhan, chengdu, nanjing, xian, hangzhou, china
Asia/Taipei: kaohsiung
Asia/Tashkent: uzbekistan
Asia/Tehran: mashhad, isfahan
Asia/Tokyo: osaka, kyoto, yokohama, nagoya, sapporo, fukuoka, kobe, hiroshima
Asia/Yangon: mandalay
Australia/Brisbane: queensland, gold coast, cairns
Australia/Melbourne: victoria, geelong
Australia/Sydney: canberra, newcastle nsw, new south wales, nsw
Australia/Perth: western australia
Australia/Adelaide: south australia
Australia/Hobart: tasmania
Atlantic/Canary: tenerife, gran canaria, las palmas, lanzarote
Europe/Amsterdam: rotterdam, the hague, den haag, utrecht, eindhoven, holland, the netherlands
Europe/Athens: thessaloniki
Europe/Berlin: hamburg, munich, munchen, cologne, koln, frankfurt, stuttgart, dusseldorf, dortmund, essen, leipzig,
  dresden, bremen, hannover, hanover, nuremberg, nurnberg, deutschland
Europe/Brussels: antwerp, ghent
Europe/Bucharest: cluj, cluj napoca, timisoara
Europe/Budapest: debrecen
Europe/Copenhagen: aarhus
Europe/Dublin: cork, galway, limerick, eire, republic of ireland
Europe/Helsinki: tampere, turku, espoo
Europe/Istanbul: ankara, izmir, antalya, bursa, turkey, turkiye
Europe/Kyiv: kharkiv, odesa, odessa, lviv, dnipro
Europe/Lisbon: porto
Europe/London: england, scotland, wales, northern ireland, great britain, united kingdom, manchester, birmingham, leeds,
  liverpool, glasgow, edinburgh, bristol, sheffield, cardiff, belfast, newcastle, nottingham, leicester, brighton,
  oxford, cambridge, southampton, portsmouth, plymouth, coventry, bradford, hull, york, aberdeen, dundee, swansea,
  norwich, bath, exeter, derby, stoke on trent, wolverhampton
Europe/Madrid: barcelona, valencia, seville, sevilla, zaragoza, malaga, bilbao, mallorca, espana
Europe/Moscow: st petersburg, saint petersburg
Europe/Oslo: bergen, trondheim, stavanger
Europe/Paris: lyon, marseille, toulouse, nice, nantes, strasbourg, bordeaux, lille
Europe/Prague: brno, czechia, czech republic
Europe/Rome: milan, milano, naples, napoli, turin, torino, florence, firenze, venice, venezia, bologna, genoa, palermo,
  italia
Europe/Sarajevo: bosnia
Europe/Skopje: macedonia
Europe/Sofia: plovdiv
Europe/Stockholm: gothenburg, goteborg, malmo, uppsala, sverige
Europe/Vienna: graz, linz, salzburg, innsbruck, osterreich
Europe/Warsaw: krakow, cracow, lodz, wroclaw, poznan, gdansk, polska
Europe/Zurich: geneva, basel, bern, lausanne, schweiz
Pacific/Auckland: wellington, christchurch, hamilton nz, dunedin
Pacific/Honolulu: hawaii
"""
# Countries of more than one clock, by other names than the list of countries has.
COUNTRIES = dict.fromkeys(["usa", "us", "america", "united states of america"], "united states")


def by_name() -> dict[str, str]:
    """The zone of each."""
    found, zone = {}, ""
    for line in TOWNS.strip().splitlines():
        named, colon, rest = line.partition(":")
        zone, towns = (named, rest) if colon else (zone, line)
        found |= {town.strip(): zone for town in towns.split(",") if town.strip()}
    return found
