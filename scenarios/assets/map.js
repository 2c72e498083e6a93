/* Draws the flows of a plan on folium's map `map_plan` and filters lines, places, counts, bars and
   table together. Data come from the JSON block; every text reaches the page as text. */
(function () {
  'use strict';
  const data = JSON.parse(document.getElementById('lowhaul-data').textContent);
  const world = map_plan;
  const $ = id => document.getElementById(id);
  const language = document.documentElement.lang || 'en';
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const SVG = 'http://www.w3.org/2000/svg';
  const THIN = 1.2, WIDEST = 9, ROWS = 20;
  const colour = key => `var(--${key === 'inland_waterway' ? 'iww' : key})`;
  const isSea = strand => data.modes[strand.mode].key === 'sea';

  function make(name, attributes, text) {
    const node = name.startsWith('svg:')
      ? document.createElementNS(SVG, name.slice(4)) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  }
  const units = n => `${whole.format(n)} load unit${n === 1 ? '' : 's'}`;

  /* ---- what is chosen ---- */
  const chosen = {
    carriers: new Set(data.carriers.keys()),
    modes: new Set(data.modes.keys()),
    lo: 0,
    hi: Math.max(data.weeks.length - 1, 0),
  };
  const sees = part => chosen.carriers.has(part[0]) && part[1] >= chosen.lo && part[1] <= chosen.hi;
  function sums(flow) {
    let n = 0, t = 0, any = false;
    if (chosen.modes.has(flow.mode)) {
      for (const part of flow.parts) if (sees(part)) { n += part[2]; t += part[3]; any = true; }
    }
    return { n, t, any };
  }

  /* ---- lines: width over the whole plan, so that a filter never rescales them ---- */
  const all = data.flows.map(flow => flow.parts.reduce((a, p) => a + p[2], 0));
  const load = strand => strand.flows.reduce((a, i) => a + all[i], 0);
  const most = Math.max(1, ...data.strands.map(load));
  const width = n => THIN + (WIDEST - THIN) * n / most;
  function points(steps) {
    const line = [];
    let x = 0, y = 0;
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i]; y += steps[i + 1];
      line.push([y / 100, x / 100]);
    }
    return line;
  }
  const lines = data.strands
    .map(strand => ({ strand, size: load(strand) }))
    .sort((a, b) => isSea(b.strand) - isSea(a.strand) || b.size - a.size)
    .map(({ strand }) => {
      const mode = data.modes[strand.mode];
      const line = L.polyline(points(strand.line), {
        color: colour(mode.key), opacity: 1, className: `flow ${mode.key}`, noClip: true,
        smoothFactor: 0.5, dashArray: mode.key === 'air' ? '6 6' : null,
      });
      line.bindTooltip(() => told(strand), { sticky: true });
      return { strand, line };
    });
  function told(strand) {
    const box = make('div');
    const here = strand.flows
      .map(i => ({ flow: data.flows[i], ...sums(data.flows[i]) })).filter(f => f.any)
      .sort((a, b) => b.n - a.n || b.t - a.t);
    const n = here.reduce((a, f) => a + f.n, 0), t = here.reduce((a, f) => a + f.t, 0);
    box.append(make('b', {}, `${data.modes[strand.mode].name}: ${n ? units(n) + ', ' : ''}${tenths.format(t)} t`));
    for (const f of here.slice(0, 6)) {
      const ends = f.flow.ends.map(i => data.places[i].name);
      box.append(make('div', {}, `${ends[0]} → ${ends[1]}: ${f.n ? whole.format(f.n) : 'part loads'}`));
    }
    if (here.length > 6) box.append(make('div', {}, `and ${here.length - 6} more`));
    return box;
  }

  /* ---- places: mark and label; on collision the smaller one loses its label ---- */
  const SHAPES = {
    circle: () => make('svg:circle', { r: 4.2, class: 'nd' }),
    plant: () => make('svg:rect', { x: -4.4, y: -4.4, width: 8.8, height: 8.8, class: 'nd pl' }),
    square: () => make('svg:rect', { x: -4.4, y: -4.4, width: 8.8, height: 8.8, class: 'nd' }),
    diamond: () => make('svg:path', { d: 'M0 -5.6L5.6 0L0 5.6L-5.6 0z', class: 'nd' }),
  };
  const degrees = point => point.map(v => v / 100);
  const places = data.places.map(place => {
    const box = make('svg:svg', { width: 1, height: 1, 'aria-hidden': 'true' });
    const label = make('svg:text', { class: 'nl' }, place.name);
    box.append(SHAPES[place.shape](), label);
    const marker = L.marker(degrees(place.at), {
      icon: L.divIcon({ className: 'place', html: box, iconSize: [1, 1], iconAnchor: [0, 0] }),
      interactive: false, keyboard: false,
    });
    return { place, marker, label, wide: 0, size: 0, shown: false, lines: [] };
  });
  /* which way the lines of a place run (to the east and north), so that its label goes elsewhere */
  const key = at => at.map(v => Math.round(v * 100)).join();
  const byKey = new Map(places.map(p => [p.place.at.join(), p]));
  for (const { line } of lines) {
    const at = line.getLatLngs().map(p => [p.lat, p.lng]);
    for (const [end, next] of [[at[0], at[1]], [at.at(-1), at.at(-2)]]) {
      const p = byKey.get(key(end));
      if (p) p.lines.push(Math.atan2(next[0] - end[0], next[1] - end[1]));
    }
  }
  const free = (p, side) => Math.min(Math.PI, ...p.lines.map(a => {
    const turn = Math.abs(a - side.way) % (2 * Math.PI);
    return turn > Math.PI ? 2 * Math.PI - turn : turn;
  }));
  const SIDES = [
    { x: 8, y: 4, anchor: 'start', way: 0 }, { x: -8, y: 4, anchor: 'end', way: Math.PI },
    { x: 0, y: -9, anchor: 'middle', way: Math.PI / 2 },
    { x: 0, y: 18, anchor: 'middle', way: -Math.PI / 2 },
  ];
  function lay() {
    const seen = places.filter(p => p.shown).sort((a, b) => b.size - a.size);
    const frame = world.getSize();
    const taken = [];
    for (const p of seen) {
      p.at = world.latLngToContainerPoint(degrees(p.place.at));
      taken.push([p.at.x - 5, p.at.y - 5, p.at.x + 5, p.at.y + 5, p]);
      if (!p.wide) p.wide = p.label.getComputedTextLength();
    }
    for (const p of seen) {
      const side = [...SIDES].sort((a, b) => free(p, b) - free(p, a)).find(s => {
        const left = p.at.x + s.x - (s.anchor === 'end' ? p.wide : s.anchor === 'middle' ? p.wide / 2 : 0);
        const box = [left - 1, p.at.y + s.y - 11, left + p.wide + 1, p.at.y + s.y + 3, p];
        if (box[0] < 2 || box[2] > frame.x - 2 || box[1] < 0 || box[3] > frame.y) return false;
        if (taken.some(o => o[4] !== p && box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3])) return false;
        taken.push(box);
        return true;
      });
      p.label.style.display = side ? '' : 'none';
      if (side) {
        p.label.setAttribute('x', side.x);
        p.label.setAttribute('y', side.y);
        p.label.setAttribute('text-anchor', side.anchor);
      }
    }
  }

  /* ---- controls ---- */
  const chips = $('carriers');
  const everyone = () => chosen.carriers.size === data.carriers.length;
  function choose(index) {
    if (index < 0) chosen.carriers = new Set(data.carriers.keys());
    else if (everyone()) chosen.carriers = new Set([index]);
    else {
      if (!chosen.carriers.delete(index)) chosen.carriers.add(index);
      if (!chosen.carriers.size) chosen.carriers = new Set(data.carriers.keys());
    }
    render();
  }
  if (chips) {
    ['All carriers', ...data.carriers].forEach((name, i) => {
      const button = make('button', { type: 'button' }, name);
      button.addEventListener('click', () => choose(i - 1));
      chips.append(button);
    });
  }
  const modeButtons = [...document.querySelectorAll('#modes button')];
  modeButtons.forEach((button, i) => button.addEventListener('click', () => {
    if (!chosen.modes.delete(i)) chosen.modes.add(i);
    render();
  }));
  const several = new Set(data.weeks.map(w => w[0])).size > 1;
  const named = i => `week ${data.weeks[i][1]}${several ? ' of ' + data.weeks[i][0] : ''}`;
  for (const id of ['lo', 'hi']) {
    const slider = $(id);
    slider.min = 0;
    slider.max = Math.max(data.weeks.length - 1, 0);
    slider.addEventListener('input', () => {
      if (id === 'lo') chosen.lo = Math.min(+slider.value, chosen.hi);
      else chosen.hi = Math.max(+slider.value, chosen.lo);
      render();
    });
  }
  if (data.weeks.length < 2) document.querySelector('.rng').hidden = true;
  if (!data.weeks.length) $('time').hidden = true;

  /* ---- legend of widths: three round numbers ---- */
  function round(n) {
    const power = 10 ** Math.floor(Math.log10(Math.max(n, 1)));
    return Math.max(1, [5, 2, 1].map(f => f * power).find(v => v <= n) || 1);
  }
  const steps = [...new Set([round(most / 20), round(most / 4), round(most)])];
  if (all.some(n => n)) {
    $('widths').append(make('span', {}, 'Load units'));
    for (const n of steps) {
      const item = make('span');
      const box = make('svg:svg', { width: 34, height: 12, 'aria-hidden': 'true' });
      box.append(make('svg:path', { d: 'M0 6H34', stroke: colour(data.modes[lines[0].strand.mode].key), 'stroke-width': width(n).toFixed(2) }));
      item.append(box, whole.format(n));
      $('widths').append(item);
    }
  }

  /* ---- departures by week ---- */
  function perWeek() {
    const counts = data.weeks.map(() => 0);
    const byMode = data.modes.map(() => 0);
    for (const [week, n, pairs] of data.departures) {
      const own = pairs.filter(p => chosen.carriers.has(p[1]));
      if (own.some(p => chosen.modes.has(p[0]))) counts[week] += n;
      if (week >= chosen.lo && week <= chosen.hi) {
        for (const mode of new Set(own.map(p => p[0]))) byMode[mode] += n;
      }
    }
    return { counts, byMode };
  }
  function bars(counts) {
    const svg = $('weeks'), n = Math.max(counts.length, 1);
    /* drawn as wide as it stands, so that figures keep their size on a phone */
    const wide = Math.min(svg.clientWidth || 1104, 1104), step = wide / n;
    const top = Math.max(1, ...counts), every = Math.ceil(34 / step);
    svg.setAttribute('viewBox', `0 0 ${wide} 80`);
    svg.replaceChildren();
    counts.forEach((count, i) => {
      const on = i >= chosen.lo && i <= chosen.hi, high = count / top * 42, x = i * step;
      svg.append(make('svg:rect', {
        x: (x + Math.min(3, step * .1)).toFixed(1), y: (58 - high).toFixed(1),
        width: Math.max(step - 2 * Math.min(3, step * .1), 1).toFixed(1), height: high.toFixed(1),
        fill: on ? 'var(--accent)' : 'var(--base-soft)',
      }));
      if (i % every) return;
      const year = several && (i === 0 || data.weeks[i][0] !== data.weeks[Math.max(i - every, 0)][0]);
      if (step * every >= 18) svg.append(make('svg:text', { x: x + step / 2, y: 54 - high, 'text-anchor': 'middle', class: on ? 'tk on' : 'tk' }, whole.format(count)));
      svg.append(make('svg:text', { x: x + step / 2, y: 75, 'text-anchor': 'middle', class: 'tk' }, `W${data.weeks[i][1]}${year ? ' ' + data.weeks[i][0] : ''}`));
    });
    svg.append(make('svg:line', { x1: 0, x2: wide, y1: 58.5, y2: 58.5, class: 'axis' }));
    /* a slider's thumb is 24 px wide and its middle must stand under the middle of a bar */
    const half = 50 / n;
    for (const part of document.querySelectorAll('.rng input')) {
      part.style.left = `calc(${half}% - 12px)`;
      part.style.width = `calc(${100 - 2 * half}% + 24px)`;
    }
    const rail = document.querySelector('.rng i');
    rail.style.left = rail.style.right = `${half}%`;
  }

  /* ---- the table ---- */
  function table() {
    const rows = [];
    for (const flow of data.flows) {
      if (!chosen.modes.has(flow.mode)) continue;
      const by = new Map();
      for (const part of flow.parts) {
        if (!sees(part)) continue;
        const sum = by.get(part[0]) || [0, 0];
        by.set(part[0], [sum[0] + part[2], sum[1] + part[3]]);
      }
      for (const [carrier, [n, t]] of by) rows.push({ flow, carrier, n, t });
    }
    rows.sort((a, b) => b.n * b.flow.km - a.n * a.flow.km || b.t * b.flow.km - a.t * a.flow.km);
    const body = document.querySelector('#legs tbody');
    body.replaceChildren();
    for (const { flow, carrier, n, t } of rows.slice(0, ROWS)) {
      const row = make('tr'), mode = data.modes[flow.mode];
      const [from, to] = flow.ends.map(i => data.places[i].name);
      row.append(make('td', {}, `${from} → ${to}`));
      const kind = make('td');
      const mark = make('svg:svg', { width: 26, height: 8, 'aria-hidden': 'true' });
      const stroke = { d: 'M0 4H26', stroke: colour(mode.key), 'stroke-width': 4 };
      if (mode.key === 'air') stroke['stroke-dasharray'] = '5 4';
      mark.append(make('svg:path', stroke));
      kind.append(mark, mode.name);
      row.append(kind, make('td', {}, data.carriers[carrier]));
      for (const value of [n ? whole.format(n) : '–', tenths.format(t), whole.format(flow.km)]) {
        row.append(make('td', { class: 'num' }, value));
      }
      body.append(row);
    }
    if (!rows.length) {
      const row = make('tr');
      row.append(make('td', { colspan: 6, class: 'none' }, 'Nothing departs in this choice. Widen the weeks or choose another carrier or mode.'));
      body.append(row);
    }
    const rest = rows.length - ROWS;
    $('more').textContent = rest > 0 ? `${whole.format(rest)} more row${rest === 1 ? ' is' : 's are'} not shown here.` : '';
  }

  /* ---- everything together ---- */
  function render() {
    const now = data.flows.map(sums);
    places.forEach(p => { p.size = 0; p.on = false; });
    data.flows.forEach((flow, i) => {
      if (now[i].any) for (const end of flow.ends) { places[end].size += now[i].n + 0.001; places[end].on = true; }
    });
    for (const { strand, line } of lines) {
      const here = strand.flows.filter(i => now[i].any);
      if (!here.length) { line.remove(); continue; }
      line.setStyle({ weight: width(here.reduce((a, i) => a + now[i].n, 0)) });
      line.addTo(world);
      line.bringToFront();
    }
    for (const p of places) {
      if (p.on !== p.shown) { if (p.on) p.marker.addTo(world); else p.marker.remove(); p.shown = p.on; }
    }
    lay();
    const { counts, byMode } = perWeek();
    bars(counts);
    modeButtons.forEach((button, i) => {
      const used = data.flows.some(f => f.mode === i);
      button.setAttribute('aria-pressed', String(chosen.modes.has(i)));
      button.disabled = !used;
      const part = byMode[i] === 0 && data.flows.some((f, j) => f.mode === i && f.parts.some(sees));
      button.querySelector('small').textContent = byMode[i] ? whole.format(byMode[i]) : part ? 'part loads' : 'none';
    });
    if (chips) [...chips.children].forEach((button, i) => {
      const on = i === 0 ? everyone() : !everyone() && chosen.carriers.has(i - 1);
      button.setAttribute('aria-pressed', String(on));
    });
    if (data.weeks.length) {
      const total = counts.slice(chosen.lo, chosen.hi + 1).reduce((a, b) => a + b, 0);
      const span = chosen.lo === chosen.hi ? named(chosen.lo) : `${named(chosen.lo)} to ${named(chosen.hi)}`;
      $('sum').replaceChildren(make('b', {}, units(total)), several ? `, ${span}` : `, ${span} of ${data.weeks[0][0]}`);
      for (const id of ['lo', 'hi']) {
        $(id).value = chosen[id];
        $(id).setAttribute('aria-valuetext', named(chosen[id]));
      }
    }
    table();
  }

  /* #weeks=0-5 and #carrier=Name choose what is shown first */
  for (const part of decodeURIComponent(location.hash.slice(1)).split('&')) {
    const [key, value = ''] = part.split('=');
    if (key === 'carrier' && data.carriers.includes(value)) chosen.carriers = new Set([data.carriers.indexOf(value)]);
    if (key === 'weeks') {
      const [from, to] = value.split('-').map(w => data.weeks.findIndex(x => x[1] === +w));
      if (from >= 0 && to >= from) { chosen.lo = from; chosen.hi = to; }
    }
  }
  function fit() {
    world.setMinZoom(0);
    // room for labels and the zoom buttons, but never beyond the edge of the world
    const corners = data.view.map(degrees);
    const near = Math.abs(corners[1][1] - corners[0][1]) < 180;
    const room = near ? { paddingTopLeft: [48, 24], paddingBottomRight: [24, 24] } : {};
    world.fitBounds(corners, { animate: false, ...room });
    world.setMinZoom(Math.min(world.getZoom(), world.getBoundsZoom(data.world.map(degrees), true)));
    world.setMaxBounds(data.world.map(degrees));
  }
  world.options.maxBoundsViscosity = 1;
  fit();
  world.on('zoomend moveend resize', lay);
  render();
  addEventListener('resize', () => bars(perWeek().counts));
  addEventListener('beforeprint', () => { world.invalidateSize({ animate: false }); fit(); lay(); });
})();
