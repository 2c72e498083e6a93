const D = JSON.parse(document.getElementById('data').textContent);
const E = D.equipment, P = D.places.map(v => Object.fromEntries(D.fields.map((f, i) => [f, v[i]]))), N = P.length;
const FILL = ['#2A5CA0', '#EBC03C', '#6B2F42', '#9FD8C0', '#AE97D6', '#BF5230'];
const TEXT = ['#fff', '#16202A', '#fff', '#16202A', '#16202A', '#fff'];
let lang = WORDS[D.lang] ? D.lang : 'en', step = N;
const at = id => document.getElementById(id);
const say = (text, parts) => text.replace(/\{(\w+)\}/g, (m, k) => parts && k in parts ? parts[k] : m);
const t = (key, parts) => say(WORDS[lang][key], parts);
const esc = s => String(s).replace(/[&<>"']/g, c => '&#' + c.charCodeAt(0) + ';');
const num = (v, digits = 0) => new Intl.NumberFormat(lang, {minimumFractionDigits: digits, maximumFractionDigits: digits}).format(v).replace('-', '−');
const signed = (v, digits) => (v > 0 && +v.toFixed(digits) > 0 ? '+' : '') + num(+v.toFixed(digits) || 0, digits);
const colour = o => FILL[o % 6], ink = o => TEXT[o % 6];
const letter = i => (i > 25 ? letter(Math.floor(i / 26) - 1) : '') + String.fromCharCode(65 + i % 26);
const shade = (hex, by) => '#' + [1, 3, 5].map(i => {
  const v = parseInt(hex.slice(i, i + 2), 16), w = by > 0 ? v + (255 - v) * by : v * (1 + by);
  return Math.round(w).toString(16).padStart(2, '0');
}).join('');
const SIGN = {
  done: '<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="7" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M4.8 8.3l2.2 2.2 4.3-4.7" fill="none" stroke="currentColor" stroke-width="1.6"/></svg>',
  caution: '<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 1.8L15 14H1z" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 6v4M8 11.6v.6" stroke="currentColor" stroke-width="1.6"/></svg>',
  stop: '<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="M3 3l10 10M13 3L3 13" fill="none" stroke="currentColor" stroke-width="1.8"/></svg>'
};
// Parallel view from the left wall and the door end: azimuth 27, elevation 23 degrees.
const AZ = 27 * Math.PI / 180, EL = 23 * Math.PI / 180, W3 = 788;
const raw = (x, y, z) => [x * Math.cos(AZ) + y * Math.sin(AZ), (x * Math.sin(AZ) - y * Math.cos(AZ)) * Math.sin(EL) - z * Math.cos(EL)];
const corners = [0, 1, 2, 3, 4, 5, 6, 7].map(i => raw(i & 1 ? E.l : 0, i & 2 ? E.w : 0, i & 4 ? E.h : 0));
const minX = Math.min(...corners.map(c => c[0])), minY = Math.min(...corners.map(c => c[1]));
const spanX = Math.max(...corners.map(c => c[0])) - minX, spanY = Math.max(...corners.map(c => c[1])) - minY;
const K3 = Math.min(W3 - 40, 620 * spanX / spanY) / spanX, H3 = spanY * K3 + 26;
const pr = (x, y, z) => { const r = raw(x, y, z); return [14 + (r[0] - minX) * K3, 8 + (r[1] - minY) * K3]; };
const pts = list => list.map(c => pr(...c).map(v => v.toFixed(1)).join(',')).join(' ');
const poly = (list, attr) => `<polygon points="${pts(list)}" ${attr}/>`;
const seg = (a, b, cls) => `<polyline points="${pts([a, b])}" class="${cls}"/>`;
const faces = p => {
  const X = p.x + p.dx, Y = p.y + p.dy, Z = p.z + p.dz;
  return {top: [[p.x, p.y, Z], [X, p.y, Z], [X, Y, Z], [p.x, Y, Z]], door: [[X, p.y, p.z], [X, Y, p.z], [X, Y, Z], [X, p.y, Z]], left: [[p.x, p.y, p.z], [X, p.y, p.z], [X, p.y, Z], [p.x, p.y, Z]]};
};
// Back to front: a unit is drawn before another if some plane has it on the far side and none
// has it on the near side. Computed once; any subset keeps the order.
const ORDER = (() => {
  const behind = (a, b) => a.y >= b.y + b.dy || a.x + a.dx <= b.x || a.z + a.dz <= b.z;
  const waits = P.map(() => 0), frees = P.map(() => []);
  for (let i = 0; i < N; i++) for (let j = i + 1; j < N; j++) {
    const a = behind(P[i], P[j]), b = behind(P[j], P[i]);
    if (a && !b) { frees[i].push(j); waits[j]++; } else if (b && !a) { frees[j].push(i); waits[i]++; }
  }
  const done = [], left = new Set(P.map((_, i) => i));
  while (left.size) {
    let pick = -1;
    for (const i of left) if (waits[i] <= 0) { pick = i; break; }
    if (pick < 0) pick = left.values().next().value;
    left.delete(pick); done.push(P[pick]);
    frees[pick].forEach(j => waits[j]--);
  }
  return done;
})();
const KEPT = E.kept.map(([x, y, z, dx, dy, dz]) => ({x, y, z, dx, dy, dz}));
const label = p => letter(p.o), wide = p => 14 + 9 * (label(p) + p.s).length;
function drawIso() {
  const box = {x: 0, y: 0, z: 0, dx: E.l, dy: E.w, dz: E.h};
  let s = poly([[0, 0, 0], [E.l, 0, 0], [E.l, E.w, 0], [0, E.w, 0]], 'fill="#EDF1F4"') + poly([[0, E.w, 0], [E.l, E.w, 0], [E.l, E.w, E.h], [0, E.w, E.h]], 'fill="#F6F8F9"') + poly([[0, 0, 0], [0, E.w, 0], [0, E.w, E.h], [0, 0, E.h]], 'fill="#EDF1F4"');
  s += seg([0, E.w, 0], [E.l, E.w, 0], 'wall') + seg([0, E.w, E.h], [E.l, E.w, E.h], 'wall') + seg([0, E.w, 0], [0, E.w, E.h], 'wall') + seg([0, 0, 0], [0, E.w, 0], 'wall') + seg([0, 0, E.h], [0, E.w, E.h], 'wall') + seg([0, 0, 0], [0, 0, E.h], 'wall');
  KEPT.forEach(r => { const f = faces(r); s += poly(f.top, 'class="kept"') + poly(f.door, 'class="kept"') + poly(f.left, 'class="kept"'); });
  ORDER.forEach(p => {
    if (p.s > step) { if (p.z === 0) s += poly([[p.x, p.y, 0], [p.x + p.dx, p.y, 0], [p.x + p.dx, p.y + p.dy, 0], [p.x, p.y + p.dy, 0]], 'class="todo"'); return; }
    const f = faces(p), c = colour(p.o);
    s += poly(f.top, `fill="${shade(c, .28)}" class="edge"`) + poly(f.door, `fill="${shade(c, -.22)}" class="edge"`) + poly(f.left, `fill="${c}" class="edge"`);
    if (p.s === step && step < N) s += poly(f.top, 'class="cur"') + poly(f.door, 'class="cur"') + poly(f.left, 'class="cur"');
    const face = p.dx * K3 * Math.cos(AZ), all = face > wide(p) + 4;
    if (face > 16 && p.dz * K3 > 17) {
      const m = pr(p.x + p.dx / 2, p.y, p.z + p.dz / 2);
      s += `<text x="${m[0].toFixed(1)}" y="${(m[1] + 5).toFixed(1)}" text-anchor="middle" class="t1" fill="${ink(p.o)}">${label(p)}${all ? `<tspan class="n" dx="3">${p.s}</tspan>` : ''}</text>`;
    }
  });
  s += seg([0, 0, 0], [E.l, 0, 0], 'wall') + seg([E.l, 0, 0], [E.l, E.w, 0], 'wall') + seg([E.l, 0, 0], [E.l, 0, E.h], 'dash') + seg([0, 0, E.h], [E.l, 0, E.h], 'dash') + seg([E.l, 0, E.h], [E.l, E.w, E.h], 'dash') + seg([E.l, E.w, 0], [E.l, E.w, E.h], 'dash');
  const a = pr(0, 0, 0), b = pr(E.l, E.w / 2, 0);
  s += `<text x="${a[0]}" y="${(a[1] + 22).toFixed(1)}" class="t2">${esc(t('front'))}</text><text x="${(b[0] + 12).toFixed(1)}" y="${(b[1] + 18).toFixed(1)}" class="t2">${esc(t('door'))}</text>`;
  at('iso').setAttribute('viewBox', `0 0 ${W3} ${H3.toFixed(0)}`);
  at('iso').innerHTML = s;
}
// Side view: seen from the left wall. View from above: the left wall lies below.
function drawFlat(id, cog) {
  const k = 756 / E.l, above = id === 'top', high = (above ? E.w : E.h) * k, x0 = 16, y0 = 22;
  const X = v => x0 + v * k, Y = v => y0 + high - v * k;
  const low = p => above ? p.y : p.z, size = p => above ? p.dy : p.dz;
  const rect = (p, attr, by = 0) => `<rect x="${(X(p.x) + by).toFixed(1)}" y="${(Y(low(p) + size(p)) + by).toFixed(1)}" width="${Math.max(p.dx * k - 2 * by, .5).toFixed(1)}" height="${Math.max(size(p) * k - 2 * by, .5).toFixed(1)}" ${attr}/>`;
  const seen = P.slice().sort((a, b) => above ? a.z - b.z : b.y - a.y);
  const ground = {x: 0, y: 0, z: 0, dx: E.l, dy: E.w, dz: E.h};
  const gx = X(cog.x), gy = Y(above ? cog.y : cog.z);
  let s = rect(ground, 'fill="#F4F6F8"'), marks = '';
  KEPT.forEach(r => { s += rect(r, 'class="kept"'); });
  if (!above && E.line) s += `<line x1="${X(0)}" x2="${X(E.l).toFixed(1)}" y1="${Y(E.line).toFixed(1)}" y2="${Y(E.line).toFixed(1)}" class="line"/>`;
  const top = p => Y(low(p) + size(p));
  // A label needs its width and 16 px of its unit that no nearer unit covers.
  const free = (i, x, y, need) => !seen.slice(i + 1).some(q => q.s <= step && X(q.x) < x + need && X(q.x + q.dx) > x && top(q) < y + 3 && top(q) + size(q) * k > y - 13);
  seen.filter(p => p.s > step && (above ? p.z === 0 : true)).forEach(p => { s += rect(p, 'class="todo"'); });
  seen.forEach((p, i) => {
    if (p.s > step) return;
    s += rect(p, `fill="${colour(p.o)}" class="edge"`);
    if (p.s === step && step < N) marks += rect(p, 'class="cur"', 1);
    const need = wide(p) - 4;
    if (p.dx * k < need + 2 || size(p) * k < 18) return;
    const ty = top(p) + 16, spots = [X(p.x) + 5, X(p.x) + p.dx * k / 2 - 12, X(p.x + p.dx) - need];
    const tx = spots.find(x => free(i, x, ty, need) && (Math.abs(gx - x - 14) > 27 || Math.abs(gy - ty + 5) > 18));
    if (tx !== undefined) marks += `<text x="${tx.toFixed(1)}" y="${ty.toFixed(1)}" class="t1" style="font-size:14px" fill="${ink(p.o)}">${label(p)}<tspan class="n" dx="2">${p.s}</tspan></text>`;
  });
  const bottom = y0 + high;
  s += marks + rect(ground, 'class="wall"') + `<line x1="${X(E.l)}" x2="${X(E.l)}" y1="${y0}" y2="${bottom.toFixed(1)}" stroke="#16202A" stroke-width="3"/>`;
  if (D.box) s += `<rect x="${X(E.l * .45).toFixed(1)}" y="${(bottom + 3).toFixed(1)}" width="${(E.l * .1 * k).toFixed(1)}" height="5" fill="#7FB3C4"/><line x1="${X(E.l / 2)}" x2="${X(E.l / 2)}" y1="${bottom.toFixed(1)}" y2="${(bottom + 10).toFixed(1)}" class="wall"/>`;
  s += `<g transform="translate(${gx.toFixed(1)},${gy.toFixed(1)})"><circle r="10" fill="#fff"/><circle r="8" fill="#fff" stroke="#16202A" stroke-width="1.5"/><path d="M0 0V-8A8 8 0 0 1 8 0ZM0 0V8A8 8 0 0 1 -8 0Z" fill="#16202A"/></g>`;
  for (let m = 0; m * 1000 <= E.l; m += 2) s += `<text x="${X(m * 1000).toFixed(1)}" y="${(bottom + 24).toFixed(1)}" class="t3" text-anchor="${m ? 'middle' : 'start'}">${m}${m * 1000 + 2000 > E.l ? ' m' : ''}</text>`;
  s += `<text x="${x0}" y="14" class="t2">${esc(t('front') + (above ? ' · ' + t('rightwall') : ''))}</text><text x="${X(E.l).toFixed(1)}" y="14" class="t2" text-anchor="end">${esc(t('door'))}</text>`;
  at(id).setAttribute('viewBox', `0 0 788 ${(bottom + 32).toFixed(0)}`);
  at(id).innerHTML = s;
}
const sum = (list, of) => list.reduce((a, p) => a + of(p), 0);
function cogOf(list) {
  const m = sum(list, p => p.m) || 1;
  return {x: sum(list, p => p.m * (p.x + p.dx / 2)) / m, y: sum(list, p => p.m * (p.y + p.dy / 2)) / m, z: sum(list, p => p.m * (p.z + p.dz / 2)) / m};
}
function drawMass(inside) {
  const w = 788, k = w / Math.max(E.payload, D.mass), m = sum(inside, p => p.m);
  let x = 0, s = `<rect x="0" y="22" width="${w}" height="22" fill="#EBEFF2"/>`;
  D.orders.forEach((o, i) => {
    const kg = sum(inside.filter(p => p.o === i), p => p.m), wide = kg * k;
    if (!kg) return;
    s += `<rect x="${x.toFixed(1)}" y="22" width="${Math.max(wide - 1, .5).toFixed(1)}" height="22" fill="${colour(i)}"/>`;
    if (wide > 76) s += `<text x="${(x + 8).toFixed(1)}" y="38" class="t1" style="font-size:14px" fill="${ink(i)}">${letter(i)} <tspan class="n">${num(kg)}</tspan></text>`;
    x += wide;
  });
  const limit = D.road && D.road < E.payload ? D.road : E.payload;
  if (limit < E.payload) s += `<line x1="${limit * k}" x2="${limit * k}" y1="16" y2="48" stroke="#16202A" stroke-width="2"/><text x="${(limit * k).toFixed(1)}" y="11" text-anchor="${limit * k > w - 90 ? 'end' : 'middle'}" class="t2">${esc(t('road', {kg: num(limit)}))}</text>`;
  s += `<text x="0" y="64" class="t3">${esc(t('free', {kg: num(m), rest: num(limit - m)}))}</text><text x="${w}" y="64" text-anchor="end" class="t3">${esc(t('payload', {kg: num(E.payload)}))}</text>`;
  at('massbar').setAttribute('viewBox', `0 0 ${w} 72`);
  at('massbar').innerHTML = s;
}
const chip = o => `<span class="chip" style="background:${colour(o)};color:${ink(o)}">${letter(o)}</span>`;
const sideText = p => p.k ? t('nthside', {k: p.k}) : WORDS[lang].sides[p.side];
function drawList() {
  let s = '';
  D.lines.forEach(g => {
    const p = P[g[0] - 1], n = g[1] - g[0] + 1, here = step < N && step >= g[0] && step <= g[1];
    const one = P.slice(g[0] - 1, g[1]).every(q => q.side === p.side && q.k === p.k);
    const place = n > 1 ? t(one ? 'severalat' : 'several', {row: p.row, side: sideText(p), n}) : t(p.on ? 'onunit' : 'onfloor', {row: p.row, side: sideText(p), on: p.on});
    s += `<tr class="${here ? 'on' : g[0] > step ? 'later' : ''}"${here ? ' aria-current="step"' : ''}><td>${n > 1 ? g[0] + '–' + g[1] : g[0]}</td><td>${chip(p.o)}</td><td class="pk">${esc(D.packs[p.p])}</td><td>${esc(place)}</td><td class="num">${num(sum(P.slice(g[0] - 1, g[1]), q => q.m), D.digits)}</td><td class="tick"><span class="box"></span></td></tr>`;
  });
  at('rows').innerHTML = s;
}
function drawGoods() {
  const line = (head, list) => `<td class="num">${num(list.length)}</td><td class="num">${num(sum(list, p => p.m), D.digits)}</td><td class="num">${num(sum(list, p => D.volumes[p.p]) / 1e9, 1)}</td>`;
  at('orders').innerHTML = D.orders.map((o, i) => `<tr><td>${chip(i)} ${esc(o[0])}</td><td>${esc(o[1])}</td>${line(o, P.filter(p => p.o === i))}</tr>`).join('');
  at('total').innerHTML = `<tr><td colspan="2">${esc(t('total'))}</td>${line('', P)}</tr>`;
  at('checks').innerHTML = D.checks.map(c => {
    const parts = {};
    Object.entries(c.parts).forEach(([k, v]) => { parts[k] = typeof v === 'number' ? (c.key.startsWith('cog') ? signed(v, 1) : num(v, c.digits || 0)) : v; });
    return `<li class="${c.sign}">${SIGN[c.sign]}<span>${esc(say(WORDS[lang].check[c.key], parts))}</span></li>`;
  }).join('');
}
function key(id, big, small) { at(id).innerHTML = `${esc(big)}<small>${esc(small)}</small>`; }
function render() {
  document.documentElement.lang = lang;
  document.querySelectorAll('[data-t]').forEach(e => { e.textContent = t(e.dataset.t); });
  if (D.tolerance) document.querySelector('[data-t=foot]').textContent = t('foottol', {a: D.tolerance});
  at('h').textContent = t('title', {id: D.id, equipment: E.name});
  const way = [];
  if (D.shipment) way.push(D.shipment);
  if (D.from || D.to) way.push(t('way', {from: D.from || '–', to: D.to || '–'}));
  if (D.date) way.push(t('date', {day: D.date}));
  way.push(t('nth', {i: D.nth[0], n: D.nth[1]}));
  at('way').textContent = way.join(' · ');
  at('state').className = 'status ' + D.state;
  at('state').innerHTML = SIGN[D.state] + `<span>${esc(t({done: 'ok', caution: 'caution', stop: 'bad'}[D.state]))}</span>`;
  const inside = P.filter(p => p.s <= step), full = cogOf(P), m = sum(inside, p => p.m);
  key('k-mass', num(m), t('kgof', {all: num(step < N ? D.mass : D.road && D.road < E.payload ? D.road : E.payload)}));
  key('k-volume', num(sum(inside, p => D.volumes[p.p]) / (E.l * E.w * E.h) * 100, 1), '%');
  key('k-floor', num(sum(inside.filter(p => p.z === 0), p => p.dx * p.dy) / (E.l * E.w) * 100, 1), '%');
  key('k-cog', signed((full.x / E.l - .5) * 100, 1), t(D.box ? 'cogunit' : 'cogfree'));
  drawIso(); drawFlat('side', full); drawFlat('top', full); drawMass(inside); drawList(); drawGoods();
  const now = t('now', {i: step, n: N});
  at('now').textContent = now;
  at('slide').max = N; at('slide').value = step; at('slide').setAttribute('aria-valuetext', now); at('slide').setAttribute('aria-label', t('steps'));
  at('prev').setAttribute('aria-label', t('prev')); at('next').setAttribute('aria-label', t('next'));
  [['iso', 'view3'], ['side', 'side'], ['top', 'top'], ['massbar', 'masshead']].forEach(([id, k]) => at(id).setAttribute('aria-label', `${t(k)}, ${now}, ${num(m)} kg`));
  document.querySelectorAll('.langs button').forEach(b => b.setAttribute('aria-pressed', b.dataset.lang === lang));
}
const go = to => { step = Math.max(0, Math.min(N, to)); render(); };
at('slide').addEventListener('input', e => go(+e.target.value));
at('prev').onclick = () => go(step - 1);
at('next').onclick = () => go(step + 1);
at('all').onclick = () => go(N);
document.querySelectorAll('.langs button').forEach(b => { b.onclick = () => { lang = b.dataset.lang; render(); }; });
addEventListener('beforeprint', () => go(N));
location.hash.slice(1).split('&').forEach(part => {
  const [k, v] = part.split('=');
  if (k === 'step' && Number.isFinite(+v)) step = Math.max(0, Math.min(N, Math.round(+v)));
  if (k === 'lang' && WORDS[v]) lang = v;
});
render();
