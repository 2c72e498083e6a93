const WORDS = {
en: {
kind: 'Load plan', title: 'Load {id} · {equipment}', way: '{from} to {to}', nth: 'load unit {i} of {n}', date: 'stuffing {day}',
ok: 'Can be stuffed by hand, unit after unit; checked', caution: 'Can be stuffed; tell the carrier where the centre of gravity lies', bad: 'Refused by the check: not to be stuffed like this',
boxno: 'Container no.', seal: 'Seal no.', mass: 'Cargo mass', volume: 'Volume use', floor: 'Floor use', cog: 'Centre of gravity',
kgof: 'kg of {all}', cogunit: '% · ±5 %', cogfree: '% from the middle', view3: 'View from the left, door end right', side: 'From the left', top: 'From above',
front: 'front wall', door: 'door', leftwall: 'left wall', rightwall: 'right wall', now: 'Step {i} of {n}', all: 'Full load', prev: 'Previous step', next: 'Next step',
band: 'The band is ±5 % of the length (CTU Code); the mark shows the full load.', masshead: 'Mass', payload: 'payload limit {kg} kg', road: 'road limit {kg} kg', free: '{kg} kg · {rest} kg to the limit',
steps: 'Steps for the warehouse', stepsub: 'From the front wall to the door. Left and right as seen from the door.',
c_step: 'Step', c_order: 'Order', c_pack: 'Packaging', c_place: 'Place', c_done: 'Done', c_what: 'Product', c_units: 'Units',
onfloor: 'row {row}, {side}, floor', onunit: 'row {row}, {side}, on {on}', several: 'row {row}, {n} units', severalat: 'row {row}, {side}, {n} units', sides: ['left', 'middle', 'right'], nthside: 'place {k} from the left',
checks: 'Checks', goods: 'Orders in this load unit', total: 'Total', foot: 'Left and right as seen from the door. Sizes as given, without tolerance.', foottol: 'Left and right as seen from the door. Sizes hold a tolerance of {a}.',
check: {support: 'Full support under every unit', layers: 'Layers: {a} at most, as each packaging allows', bearing: 'Bearing: top load at most {a} of {b} kg', floor: 'Floor load {a} t/m at most, limit {b}', square: 'Floor load {a} kg/m² at most, limit {b}', line: 'Load line: {a} mm free under it', kept: 'Reserved room is free', door: 'Door clearance {a} mm in height', reach: 'Every unit can be brought in past those already there', cog: 'Centre of gravity {a} % of the length from the middle', cogfar: 'Centre of gravity {a} % of the length from the middle: beyond 5 %, tell the carrier', gaps: 'To fill or secure: {a} mm at the front wall, {b} mm at the door, {c} mm across', stops: 'Stops in unloading order, first stop at the door', road: 'Road limit {a} kg kept', fault: '{a}'}
},
zh: {
kind: '装载方案', title: '装载 {id} · {equipment}', way: '{from} 至 {to}', nth: '第 {i} 箱，共 {n} 箱', date: '{day} 装箱',
ok: '可由人工逐件装入；已校核', caution: '可以装入；须将重心位置告知承运人', bad: '校核未通过：不得按此装箱',
boxno: '箱号', seal: '封号', mass: '货物质量', volume: '容积利用率', floor: '箱底利用率', cog: '重心',
kgof: 'kg / {all}', cogunit: '% · ±5%', cogfree: '%（距中点）', view3: '左侧视角，箱门在右', side: '左视图', top: '俯视图',
front: '前壁', door: '箱门', leftwall: '左壁', rightwall: '右壁', now: '步骤 {i} / {n}', all: '装满', prev: '上一步', next: '下一步',
band: '色带为箱长的±5%（CTU规则）；标记为满载重心。', masshead: '质量', payload: '载重上限 {kg} kg', road: '公路限重 {kg} kg', free: '{kg} kg · 距上限 {rest} kg',
steps: '仓库装箱步骤', stepsub: '从前壁装向箱门。左右以站在箱门处面向箱内为准。',
c_step: '步骤', c_order: '订单', c_pack: '包装', c_place: '位置', c_done: '完成', c_what: '产品', c_units: '件数',
onfloor: '第{row}排，{side}，落地', onunit: '第{row}排，{side}，叠于{on}', several: '第{row}排，{n}件', severalat: '第{row}排，{side}，{n}件', sides: ['左', '中', '右'], nthside: '左起第{k}位',
checks: '校核', goods: '本箱订单', total: '合计', foot: '左右以站在箱门处为准。尺寸按所给数值，未计公差。', foottol: '左右以站在箱门处为准。尺寸已计公差 {a}。',
check: {support: '每件底面全部受支撑', layers: '层数：最多 {a} 层，符合各包装规定', bearing: '承压：顶部载荷最大 {a} kg，限值 {b} kg', floor: '箱底线载荷最大 {a} t/m，限值 {b}', square: '箱底面载荷最大 {a} kg/m²，限值 {b}', line: '装载红线下余量 {a} mm', kept: '预留空间未占用', door: '箱门高度余量 {a} mm', reach: '每件都能越过已装货物推入到位', cog: '重心距箱长中点 {a}%', cogfar: '重心距箱长中点 {a}%：超过5%，须告知承运人', gaps: '需填充或加固：前壁 {a} mm，箱门 {b} mm，横向 {c} mm', stops: '按卸货顺序装载，先卸者靠箱门', road: '未超公路限重 {a} kg', fault: '{a}'}
},
de: {
kind: 'Ladeplan', title: 'Ladung {id} · {equipment}', way: '{from} nach {to}', nth: 'Ladeeinheit {i} von {n}', date: 'Beladung {day}',
ok: 'Von Hand Stück für Stück beladbar; geprüft', caution: 'Beladbar; Lage des Schwerpunkts dem Frachtführer mitteilen', bad: 'Prüfung nicht bestanden: so nicht beladen',
boxno: 'Containernr.', seal: 'Siegelnr.', mass: 'Ladungsmasse', volume: 'Volumennutzung', floor: 'Bodennutzung', cog: 'Schwerpunkt',
kgof: 'kg von {all}', cogunit: '% · ±5 %', cogfree: '% von der Mitte', view3: 'Blick von links, Tür rechts', side: 'Von links', top: 'Von oben',
front: 'Stirnwand', door: 'Tür', leftwall: 'linke Wand', rightwall: 'rechte Wand', now: 'Schritt {i} von {n}', all: 'Voll beladen', prev: 'Schritt zurück', next: 'Schritt vor',
band: 'Das Band ist ±5 % der Länge (CTU-Code); die Marke zeigt die volle Ladung.', masshead: 'Masse', payload: 'Nutzlast {kg} kg', road: 'Straßengrenze {kg} kg', free: '{kg} kg · {rest} kg bis zur Grenze',
steps: 'Schritte für das Lager', stepsub: 'Von der Stirnwand zur Tür. Links und rechts von der Tür aus gesehen.',
c_step: 'Schritt', c_order: 'Auftrag', c_pack: 'Packmittel', c_place: 'Platz', c_done: 'Erledigt', c_what: 'Produkt', c_units: 'Stück',
onfloor: 'Reihe {row}, {side}, Boden', onunit: 'Reihe {row}, {side}, auf {on}', several: 'Reihe {row}, {n} Stück', severalat: 'Reihe {row}, {side}, {n} Stück', sides: ['links', 'Mitte', 'rechts'], nthside: 'Platz {k} von links',
checks: 'Prüfungen', goods: 'Aufträge in dieser Ladeeinheit', total: 'Summe', foot: 'Links und rechts von der Tür aus gesehen. Maße wie angegeben, ohne Toleranz.', foottol: 'Links und rechts von der Tür aus gesehen. Maße mit {a} Toleranz.',
check: {support: 'Jedes Stück steht mit der ganzen Fläche auf', layers: 'Lagen: höchstens {a}, wie jedes Packmittel es erlaubt', bearing: 'Auflast höchstens {a} von {b} kg', floor: 'Bodenlast höchstens {a} t/m, Grenze {b}', square: 'Flächenlast höchstens {a} kg/m², Grenze {b}', line: 'Ladelinie: {a} mm Luft darunter', kept: 'Freizuhaltender Raum ist frei', door: 'Türhöhe: {a} mm Luft', reach: 'Jedes Stück kommt an den schon geladenen vorbei', cog: 'Schwerpunkt {a} % der Länge von der Mitte', cogfar: 'Schwerpunkt {a} % der Länge von der Mitte: über 5 %, dem Frachtführer mitteilen', gaps: 'Füllen oder sichern: {a} mm an der Stirnwand, {b} mm an der Tür, {c} mm quer', stops: 'Stopps in Entladefolge, der erste an der Tür', road: 'Straßengrenze {a} kg eingehalten', fault: '{a}'}
}};
