#!/usr/bin/env python3
"""Product pictures, portraits and icons for Warong UEP.

A tiny 3D illustrator: every product is modelled in centimetres (woven surfaces, lathe
shapes, swept canes, bamboo poles with nodes), lit by one warm lamp, sorted back to front
and written as SVG.  Deterministic: all chance comes from random.Random(<slug>).

    python3 draw.py                 render everything
    python3 draw.py bakul-nasi      render only these slugs (or: faces, img)
    python3 draw.py --svg DIR slug  only write the SVG files
    python3 draw.py --sheet FILE.png [--view 1|2|3] [slug ...]   contact sheet to look at

The SVG part uses the standard library only.  The render step needs Chromium (binary
`chromium` or $CHROMIUM) and Pillow (`pip install pillow`): SVG -> PNG -> WebP/JPEG/PNG.
"""
import math, os, random, subprocess, sys, tempfile
from math import sin, cos, pi, sqrt, hypot

HERE = os.path.dirname(os.path.abspath(__file__))
TAU = 2 * pi

# ------------------------------------------------------------------ vectors and colour
def add(a, b): return (a[0]+b[0], a[1]+b[1], a[2]+b[2])
def sub(a, b): return (a[0]-b[0], a[1]-b[1], a[2]-b[2])
def mul(a, k): return (a[0]*k, a[1]*k, a[2]*k)
def mad(a, b, k): return (a[0]+b[0]*k, a[1]+b[1]*k, a[2]+b[2]*k)
def dot(a, b): return a[0]*b[0]+a[1]*b[1]+a[2]*b[2]
def cross(a, b): return (a[1]*b[2]-a[2]*b[1], a[2]*b[0]-a[0]*b[2], a[0]*b[1]-a[1]*b[0])
def unit(a):
    l = sqrt(a[0]*a[0]+a[1]*a[1]+a[2]*a[2]) or 1e-9
    return (a[0]/l, a[1]/l, a[2]/l)
def lerp(a, b, t): return a+(b-a)*t
def mix(a, b, t): return tuple(x+(y-x)*t for x, y in zip(a, b))
def clamp(x, a=0., b=1.): return a if x < a else b if x > b else x
def smooth(x): x = clamp(x); return x*x*(3-2*x)
def rgb(h): return (int(h[1:3], 16), int(h[3:5], 16), int(h[5:7], 16))
def hexc(c): return '#%02x%02x%02x' % tuple(int(clamp(v, 0, 255)) for v in c)
def tone(c, s):
    """Shade a colour: shadows turn warm and brown, lights turn to pale straw."""
    if s <= 1:
        s = max(s, .04)
        return (c[0]*s**.74, c[1]*s**.97, c[2]*s**1.3)
    return mix(c, (255, 246, 214), min(.8, (s-1)*.8))

NATURAL = [rgb(h) for h in ('#dcb86f', '#d4ad62', '#e2c380', '#cfa65a')]
PALE = [rgb(h) for h in ('#ead49c', '#e4cb8f', '#efdcab', '#dfc486')]
FRESH = [rgb(h) for h in ('#c3bb66', '#b7b25b', '#cfc678', '#aaa850')]
HONEY = [rgb(h) for h in ('#cf9a4c', '#c58f43', '#d8a65a', '#bb853c')]
SMOKED = [rgb(h) for h in ('#8a5a30', '#7b4e29', '#96663a', '#6d4424')]
DARK = [rgb(h) for h in ('#5b3a20', '#523319', '#654226')]
GREEN = [rgb(h) for h in ('#4d6b33', '#456130', '#57763a')]
RED = [rgb(h) for h in ('#b2512c', '#a44726', '#bd5c36')]
INK = rgb('#2a261f')

LIGHT = unit((-.62, -.55, .92))

# ------------------------------------------------------------------ scene
class Scene:
    """A bag of shaded polygons and tube pieces in cm; x right, y away, z up."""
    def __init__(s, slug, q=1):
        s.items = []; s.rnd = random.Random(slug); s.q = q; s.slug = slug
        s.m = None; s.floor_ao = True; s.wall = None; s.extra_bg = ''; s.glow = None
        s.over2d = []; s.noshadow = False
    def pick(s, cols, j=.07):
        c = s.rnd.choice(cols); k = 1+s.rnd.uniform(-j, j); w = s.rnd.uniform(-4, 4)
        return (c[0]*k+w, c[1]*k, c[2]*k-w)
    def tr(s, p): return s.m(p) if s.m else p
    def poly(s, pts, col, n=None, ao=1., spec=.12, bias=0., two=False, shadow=True, emit=0., alpha=1.):
        if s.m: pts = [s.m(p) for p in pts]
        g = cross(sub(pts[1], pts[0]), sub(pts[2], pts[0]))
        if dot(g, g) < 1e-12 and len(pts) > 3: g = cross(sub(pts[2], pts[0]), sub(pts[3], pts[0]))
        g = unit(g)
        if n is None: n = g
        elif s.m:
            o = s.m((0, 0, 0)); n = unit(sub(s.m(n), o))
        s.items.append((0, pts, col, n, ao, spec, bias, two, shadow, emit, alpha))
    def seg(s, p0, p1, t0, t1, r0, r1, col, ao=1., spec=.2, bias=0., shadow=True, emit=0.):
        if s.m:
            o = s.m((0, 0, 0)); p0, p1 = s.m(p0), s.m(p1)
            t0, t1 = unit(sub(s.m(t0), o)), unit(sub(s.m(t1), o))
        s.items.append((1, (p0, p1), col, (t0, t1), ao, spec, bias, (r0, r1), shadow, emit, 1.))

def rot(axis, deg, then=(0, 0, 0), first=(0, 0, 0)):
    a = math.radians(deg); c, d = cos(a), sin(a)
    def f(p):
        x, y, z = p[0]+first[0], p[1]+first[1], p[2]+first[2]
        if axis == 'x': y, z = y*c-z*d, y*d+z*c
        elif axis == 'y': x, z = x*c+z*d, -x*d+z*c
        else: x, y = x*c-y*d, x*d+y*c
        return (x+then[0], y+then[1], z+then[2])
    return f
def chain(*fs):
    def f(p):
        for g in fs: p = g(p)
        return p
    return f

# ------------------------------------------------------------------ modelling helpers
def superellipse(rx, ry, e, n=720):
    """Unit-speed rounded rectangle / ellipse outline: f(u in 0..1) -> (x, y)."""
    pts = []
    for k in range(n+1):
        a = TAU*k/n; c, d = cos(a), sin(a)
        pts.append((rx*math.copysign(abs(c)**(2/e), c), ry*math.copysign(abs(d)**(2/e), d)))
    L = [0.]
    for k in range(n): L.append(L[-1]+hypot(pts[k+1][0]-pts[k][0], pts[k+1][1]-pts[k][1]))
    T = L[-1]; tab = []; k = 0; N = 1440
    for i in range(N+1):
        t = T*i/N
        while k < n-1 and L[k+1] < t: k += 1
        f = (t-L[k])/((L[k+1]-L[k]) or 1)
        tab.append((lerp(pts[k][0], pts[k+1][0], f), lerp(pts[k][1], pts[k+1][1], f)))
    def f(u):
        u = (u % 1.)*N; i = int(u); g = u-i; a = tab[i]; b = tab[min(N, i+1)]
        return (a[0]+(b[0]-a[0])*g, a[1]+(b[1]-a[1])*g)
    return f
CIRCLE = lambda u: (cos(TAU*u), sin(TAU*u))

def rev(n, m, R, Z, xs=CIRCLE):
    """Surface P(u, v), u over n cells round, v over m cells up; R(t) scales the outline."""
    def P(u, v):
        t = v/m; x, y = xs(u/n); r = R(t)
        return (x*r, y*r, Z(t))
    return P

def nrm(P, u, v, e=.02):
    a = P(u-e, v); b = P(u+e, v); c = P(u, v-e); d = P(u, v+e)
    return unit(cross(sub(b, a), sub(d, c)))

def plain(i, j): return (i+j) % 2 == 0
def twill(k=2):
    return lambda i, j: ((i+j) % (2*k)) < k
def kepang(size=8, k=3):
    """Two-tone diamonds: a herringbone twill mirrored about the diamond axes."""
    def f(i, j):
        a = abs((i % (2*size))-size); b = abs((j % (2*size))-size)
        return ((a+b) % (2*k)) < k
    return f

def weave(S, P, ru, rv, over, cu, cv, side=1, h=.25, gap=.05, inside=None, ao=None, wrap=False,
          back=DARK[0], fib=1, spec=.14, bias=0., seam=0, see=False, edge=.3):
    """Cover P with woven strips: where over(i, j) the row strip j lies on top, else column i."""
    q = S.q; rnd = S.rnd
    i0, i1 = ru; j0, j1 = rv
    def patch(alongu, k0, k1, line, col):
        n = k1-k0
        d = [-.16, .06, .3, .5]
        pos = [k0+x for x in d]
        if n > 1:
            x = k0+1.
            while x < k1-.75: pos.append(x); x += (1. if q == 1 else .5)
        pos += [k1-x for x in reversed(d) if k1-x > pos[-1]+.01]
        bands = ((gap, .5, 1.), (.5, 1-gap, -1.)) if q == 1 else \
                ((gap, .14+gap, 2.), (.14+gap, .42, .6), (.42, .62, 0.), (.62, .86-gap, -.6), (.86-gap, 1-gap, -2.))
        rows = []
        for x in pos:
            dd = min(x-k0, k1-x)
            hh = h*(smooth((dd+.16)/.62)-.25)
            u, v = (x, line+.5) if alongu else (line+.5, x)
            N = mul(nrm(P, u, v), side)
            lv = []
            for b in bands: lv.append(b[0])
            lv.append(bands[-1][1])
            pts = []
            for w in lv:
                p = P(x, line+w) if alongu else P(line+w, x)
                pts.append(mad(p, N, hh - h*.22*(2*w-1)**2))
            rows.append((pts, N, clamp(.58+.42*smooth((dd+.14)/.42)), (u, v)))
        for a, b in zip(rows, rows[1:]):
            mu, mv = (a[3][0]+b[3][0])/2, (a[3][1]+b[3][1])/2
            if inside and not inside(mu, mv): continue
            T = unit(sub(b[0][0], a[0][0]))
            W = unit(sub(a[0][-1], a[0][0]))
            N0 = unit(cross(T, W))
            if dot(N0, a[1]) < 0: N0 = mul(N0, -1)
            k = (a[2]+b[2])/2
            if ao: k *= ao(P(mu, mv))
            for bi, (w0, w1, tilt) in enumerate(bands):
                n = unit(mad(N0, W, -edge*tilt*.55))
                quad = [a[0][bi], b[0][bi], b[0][bi+1], a[0][bi+1]]
                S.poly(quad, col, n, k, spec, bias, two=see, shadow=(bi == 0))
        if fib and q > 1:
            for _ in range(rnd.randint(2, 4)*fib):
                w = rnd.uniform(.12, .86); ww = rnd.uniform(.012, .03); s0 = rnd.uniform(.0, .6)
                dark = rnd.random() < .6
                c2 = mul(col, .84) if dark else mix(col, (255, 246, 215), .28)
                for a, b in list(zip(rows, rows[1:]))[1:-1]:
                    if rnd.random() < s0*.3: continue
                    mu, mv = (a[3][0]+b[3][0])/2, (a[3][1]+b[3][1])/2
                    if inside and not inside(mu, mv): continue
                    la = len(a[0])-1
                    def at(r, w):
                        bi = next((i for i, b_ in enumerate(bands) if w <= b_[1]), la-1)
                        f = (w-bands[bi][0])/(bands[bi][1]-bands[bi][0])
                        return add(mul(r[0][bi], 1-f), mul(r[0][bi+1], f))
                    k = (a[2]+b[2])/2*(ao(P(mu, mv)) if ao else 1)
                    S.poly([at(a, w), at(b, w), at(b, w+ww), at(a, w+ww)], c2,
                           unit(cross(sub(b[0][0], a[0][0]), sub(a[0][-1], a[0][0]))) if False else a[1],
                           k, 0, bias+h*.9, two=see, shadow=False)
    def runs(lo, hi, test, emit, wr):
        n = hi-lo
        st = lo
        if wr:
            for k in range(lo, hi):
                if test(k) and not test(lo+((k-1-lo) % n)): st = k; break
        k = 0
        while k < n:
            a = st+k
            if not test(lo+((a-lo) % n)): k += 1; continue
            e = k
            while e < n and test(lo+((st+e-lo) % n)): e += 1
            emit(st+k, st+e); k = e
    inn = (lambda i, j: inside(i+.5, j+.5)) if inside else (lambda i, j: True)
    near = (lambda i, j: any(inside(i+a, j+b) for a in (0, .5, 1) for b in (0, .5, 1))) if inside else (lambda i, j: True)
    for j in range(j0, j1):
        base = cu(j)
        runs(i0, i1, lambda i: over(i, j) and near(i, j), lambda a, b: patch(True, a, b, j, S.pick([base], .045)), wrap)
    for i in range(i0, i1):
        base = cv(i)
        runs(j0, j1, lambda j: (not over(i, j)) and near(i, j), lambda a, b: patch(False, a, b, i, S.pick([base], .045)), False)
    if back is not None:
        for i in range(i0, i1):
            for j in range(j0, j1):
                if not inn(i, j): continue
                N = mul(nrm(P, i+.5, j+.5), side)
                k = ao(P(i+.5, j+.5)) if ao else 1
                pts = [mad(P(a, b), N, -h*.4) for a, b in ((i, j), (i+1, j), (i+1, j+1), (i, j+1))]
                S.poly(pts, back, N, .8*k, 0, bias-h*2.5-.2, shadow=True)

def surf(S, P, nu, nv, col, side=1, ao=1., spec=.12, bias=0., two=False, alpha=1., shadow=True, emit=0., inside=None):
    """Smooth surface over u,v in 0..1; col and ao may be functions of (u, v)."""
    for i in range(nu):
        for j in range(nv):
            u, v = (i+.5)/nu, (j+.5)/nv
            if inside and not inside(u, v): continue
            N = mul(nrm(P, u, v, .004), side)
            c = col(u, v) if callable(col) else col
            k = ao(u, v) if callable(ao) else ao
            S.poly([P(i/nu, j/nv), P((i+1)/nu, j/nv), P((i+1)/nu, (j+1)/nv), P(i/nu, (j+1)/nv)],
                   c, N, k, spec, bias, two, shadow, emit, alpha)

def resample(path, step, closed=False):
    pts = list(path)+([path[0]] if closed else [])
    L = [0.]
    for a, b in zip(pts, pts[1:]): L.append(L[-1]+sqrt(dot(sub(b, a), sub(b, a))))
    n = max(2, int(round(L[-1]/step))); out = []; k = 0
    for i in range(n+1):
        t = L[-1]*i/n
        while k < len(pts)-2 and L[k+1] < t: k += 1
        f = (t-L[k])/((L[k+1]-L[k]) or 1)
        out.append(mad(pts[k], sub(pts[k+1], pts[k]), f))
    if closed: out.pop()
    return out

def tangents(path, closed=False):
    n = len(path); T = []
    for i in range(n):
        a = path[(i-1) % n] if (closed or i > 0) else path[i]
        b = path[(i+1) % n] if (closed or i < n-1) else path[i]
        T.append(unit(sub(b, a)))
    return T

def tube(S, path, r, col, closed=False, ao=1., spec=.22, bias=0., shadow=True):
    """Round cane along a path; r, col, ao may be functions of the position 0..1."""
    T = tangents(path, closed); n = len(path); m = n if closed else n-1
    rf = r if callable(r) else (lambda t: r)
    cf = col if callable(col) else (lambda t: col)
    af = ao if callable(ao) else (lambda t: ao)
    for i in range(m):
        k = (i+1) % n
        S.seg(path[i], path[k], T[i], T[k], rf(i/m), rf((i+1)/m), cf((i+.5)/m), af((i+.5)/m), spec, bias, shadow)

def coil(S, path, r, cols, closed=False, pitch=1., ao=1., bias=0., flat=1., nphi=10, spec=.18, axis=(0, 0, 1)):
    """Rim or handle wound with a cane strip: a swept ring whose colour follows a helix."""
    if S.q > 1: nphi = 18
    per = 5 if S.q == 1 else 9
    path = resample(path, pitch/per, closed); T = tangents(path, closed); n = len(path)
    if closed:
        n -= n % per; path = resample(path, 1e9 if False else sum(sqrt(dot(sub(path[i], path[i-1]), sub(path[i], path[i-1]))) for i in range(len(path)))/n, True)
        n = len(path); T = tangents(path, True)
    F = []
    for t in T:
        a = axis if abs(dot(t, axis)) < .95 else (1, 0, 0)
        A = unit(cross(t, a)); B = unit(cross(A, t)); F.append((A, B))
    turns = {}
    for i in range(n if closed else n-1):
        k = (i+1) % n
        for f in range(nphi):
            a0, a1 = TAU*f/nphi, TAU*(f+1)/nphi; am = (a0+a1)/2
            ph = i/per+f/nphi*.9; tn = int(ph); fr = ph-tn
            if tn not in turns: turns[tn] = S.pick(cols, .06)
            bump = sin(pi*fr)**.6
            def pt(j, a):
                A, B = F[j]; rr = r*(1+.0)
                return mad(mad(path[j], A, rr*cos(a)), B, rr*flat*sin(a))
            A, B = F[i]
            n3 = unit(add(mul(A, cos(am)), mul(B, sin(am)*flat)))
            n3 = unit(mad(n3, T[i], (fr-.5)*.8))
            S.poly([pt(i, a0), pt(k, a0), pt(k, a1), pt(i, a1)], turns[tn], n3,
                   (.5+.5*bump)*ao, spec, bias, shadow=f % 3 == 0)

def ribbon(S, path, nfun, w, col, thick=0, closed=False, ao=1., spec=.12, bias=0., off=None, waves=None):
    """Flat split-bamboo strip along a path; nfun(p, i) gives its outward normal."""
    T = tangents(path, closed); n = len(path)
    L, R, Nn = [], [], []
    for i, p in enumerate(path):
        N = unit(nfun(p, i)); W = unit(cross(N, T[i]))
        o = off(i) if off else 0
        c = mad(p, N, o)
        L.append(mad(c, W, w/2)); R.append(mad(c, W, -w/2)); Nn.append((N, W))
    for i in range(n if closed else n-1):
        k = (i+1) % n; N, W = Nn[i]
        bb = bias+((off(i)+off(k))*.5*3 if off else 0)
        a = ao(i) if callable(ao) else ao
        fr = .24
        l2 = lambda j, f: mad(L[j], sub(R[j], L[j]), f)
        for f0, f1, tl in ((0, fr, 1), (fr, 1-fr, 0), (1-fr, 1, -1)):
            S.poly([l2(i, f0), l2(k, f0), l2(k, f1), l2(i, f1)], mul(col, .9) if tl else col,
                   unit(mad(N, W, .45*tl)), a, spec, bb, two=True, shadow=tl == 0)

def ring(R, z, n=96, xs=CIRCLE, cx=0, cy=0):
    return [(xs(i/n)[0]*R+cx, xs(i/n)[1]*R+cy, z) for i in range(n)]

def pole(S, a, b, r, cols, nodes=None, ao=1., seed=None, caps=True, bias=0., step=None):
    """Bamboo pole from a to b with swollen nodes, a pale bloom above each, hollow ends."""
    d = sub(b, a); L = sqrt(dot(d, d)); t = unit(d)
    col = S.pick(cols, .06)
    gap = nodes or max(9*r, 13)
    ns = []; x = gap*S.rnd.uniform(.25, .8)
    while x < L-.3*r: ns.append(x); x += gap*S.rnd.uniform(.85, 1.15)
    marks = {0., L}
    st = step or max(1.2*r, L/40)
    k = 1
    while k*st < L: marks.add(k*st); k += 1
    for q in ns:
        for o in (-.55, -.2, -.06, .06, .2, .55, 1.3): marks.add(clamp(q+o*r, 0, L))
    ms = sorted(marks); out = [ms[0]]
    for x in ms[1:]:
        if x-out[-1] > .02*r: out.append(x)
    def rr(x):
        k = r
        for q in ns: k += r*.12*math.exp(-((x-q)/(.28*r))**2)
        return k
    for x0, x1 in zip(out, out[1:]):
        m = (x0+x1)/2; c = col; dd = min([abs(m-q) for q in ns] or [99])
        sg = min([(m-q) for q in ns if m >= q] or [99])
        if dd < .08*r: c = mul(col, .62)
        elif dd < .24*r: c = mul(col, .84)
        elif sg < .7*r: c = mix(col, (246, 236, 200), .32)
        S.seg(mad(a, t, x0), mad(a, t, x1), t, t, rr(x0), rr(x1), c, ao, .3, bias)
    if caps:
        for p, s in ((a, -1), (b, 1)):
            u_ = unit(cross(t, (0, 0, 1) if abs(t[2]) < .9 else (1, 0, 0))); v_ = cross(t, u_)
            N = 20
            o = [add(mad(p, u_, r*cos(TAU*i/N)), mul(v_, r*sin(TAU*i/N)*s)) for i in range(N)]
            inn = [add(mad(mad(p, t, .01*s), u_, .62*r*cos(TAU*i/N)), mul(v_, .62*r*sin(TAU*i/N)*s)) for i in range(N)]
            S.poly(o, mix(col, (250, 235, 195), .45), mul(t, s), ao, .05, bias+r*.5)
            S.poly(inn, rgb('#4a321b'), mul(t, s), .8*ao, 0, bias+r*.55)

def lash(S, p, axis, r, w, col=None, turns=4, bias=.3):
    """Rattan binding round a joint."""
    axis = unit(axis); col = col or rgb('#a9793c')
    for k in range(turns):
        f = (k+.5)/turns-.5
        a = mad(p, axis, (f-.46/turns)*w); b = mad(p, axis, (f+.46/turns)*w); m = mad(p, axis, f*w)
        c = S.pick([col], .12)
        S.seg(a, m, axis, axis, r*.97, r*1.06, c, .85, .15, bias)
        S.seg(m, b, axis, axis, r*1.06, r*.97, c, .95, .15, bias)

def disk(S, R, z, col, n=48, xs=CIRCLE, up=1, ao=1., bias=0, two=False):
    p = ring(R, z, n, xs)
    S.poly(p if up > 0 else p[::-1], col, (0, 0, up), ao, .05, bias, two=two)

def arc(a, b, top, n=40, bulge=1.):
    """Handle arch from a to b rising to z=top (half super-ellipse)."""
    out = []
    for i in range(n+1):
        t = pi*i/n; c = -cos(t); s = sin(t)
        c = math.copysign(abs(c)**bulge, c)
        m = mad(a, sub(b, a), .5+.5*c)
        out.append((m[0], m[1], m[2]+(top-m[2])*abs(s)**.85))
    return out

# ------------------------------------------------------------------ camera and SVG
class Cam:
    def __init__(s, az, el, target, dist):
        a, e = math.radians(az), math.radians(el)
        s.pos = add(target, (dist*sin(a)*cos(e), -dist*cos(a)*cos(e), dist*sin(e)))
        s.f = unit(sub(target, s.pos)); s.r = unit(cross(s.f, (0, 0, 1))); s.u = cross(s.r, s.f)
        s.k = 1.; s.ox = s.oy = 0.; s.dist = dist
    def depth(s, p): return dot(sub(p, s.pos), s.f)
    def __call__(s, p):
        d = sub(p, s.pos); z = dot(d, s.f) or 1e-6; w = s.k*s.dist/z
        return (s.ox+dot(d, s.r)*w, s.oy-dot(d, s.u)*w)

def fit(cam, pts, box):
    P = [cam(p) for p in pts]
    x0, x1 = min(p[0] for p in P), max(p[0] for p in P); y0, y1 = min(p[1] for p in P), max(p[1] for p in P)
    bx0, by0, bx1, by1 = box
    k = min((bx1-bx0)/(x1-x0), (by1-by0)/(y1-y0))
    cam.k = k; cam.ox = (bx0+bx1)/2-k*(x0+x1)/2; cam.oy = (by0+by1)/2-k*(y0+y1)/2

BACKS = [('#fbf5e6', '#f1e6cb', '#e3d2ab'), ('#f9f3e4', '#efe2c4', '#dfcca2'), ('#f6f4e6', '#e9e6cd', '#d6cfab'),
         ('#fbf2e1', '#f2e0c0', '#e2c99b'), ('#f5f1e6', '#e8dfcb', '#d5c8aa')]

def backdrop(kind, W, H, rnd, horizon=.56):
    a, b, c = BACKS[kind % len(BACKS)]
    o = ['<defs><linearGradient id="bg" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="%s"/>'
         '<stop offset="%.2f" stop-color="%s"/><stop offset="%.2f" stop-color="%s"/><stop offset="1" stop-color="%s"/></linearGradient>'
         % (b, horizon-.1, mixh(a, b, .35), horizon+.08, mixh(b, c, .35), c),
         '<radialGradient id="lamp" cx=".36" cy=".3" r=".75"><stop offset="0" stop-color="#fffdf3" stop-opacity=".75"/>'
         '<stop offset=".6" stop-color="#fffaf0" stop-opacity=".12"/><stop offset="1" stop-color="#7a5a28" stop-opacity=".16"/></radialGradient>'
         '<filter id="b1" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="20"/></filter>'
         '<filter id="b2" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="7"/></filter>'
         '<filter id="b3" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="34"/></filter></defs>',
         '<rect width="%d" height="%d" fill="url(#bg)"/><rect width="%d" height="%d" fill="url(#lamp)"/>' % (W, H, W, H)]
    o.append('<g fill="none" stroke="#8d6f3c" stroke-opacity=".075" stroke-width="1.3">')
    for _ in range(46):   # fibres in the rice paper
        x, y = rnd.uniform(0, W), rnd.uniform(0, H); a1 = rnd.uniform(0, pi); l = rnd.uniform(14, 60)
        o.append('<path d="M%.0f %.0fq%.0f %.0f %.0f %.0f"/>' % (x, y, l*.5*cos(a1)+rnd.uniform(-9, 9), l*.5*sin(a1)+rnd.uniform(-9, 9), l*cos(a1), l*sin(a1)))
    o.append('</g>')
    return ''.join(o)

def mixh(a, b, t): return hexc(mix(rgb(a), rgb(b), t))
def pth(pp): return 'M'+'L'.join('%.1f %.1f' % p for p in pp)+'Z'

def render(S, az=30, el=22, box=(190, 170, 1010, 1010), back=0, W=1200, H=1200, focus=None, zoom=1.,
           persp=3.6, arrows=None, bg=True, horizon=.56, shadow=1., fitpts=None):
    items = S.items
    allp = []
    for it in items: allp += it[1]
    lo = [min(p[i] for p in allp) for i in range(3)]; hi = [max(p[i] for p in allp) for i in range(3)]
    size = max(hi[i]-lo[i] for i in range(3)); tgt = tuple((lo[i]+hi[i])/2 for i in range(3))
    cam = Cam(az, el, tgt, size*persp)
    fit(cam, (fitpts or allp)+([p for a in (arrows or []) for p in a[:2]]), box)
    if focus:
        fx, fy = cam(focus); cam.k *= zoom
        nx, ny = cam(focus); cam.ox += W/2-nx; cam.oy += H/2-ny
    LX = LIGHT
    rnd = random.Random(S.slug+'bg')
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">' % (W, H, W, H)]
    if bg: out.append(backdrop(back, W, H, rnd, horizon))
    out.append(S.extra_bg)
    # cast shadow: every casting piece projected along the light onto floor (or wall)
    if not S.noshadow and shadow > 0:
        def onto(p, k=1.):
            if S.wall is not None:
                d = (S.wall-p[1])/(-LX[1]); return (p[0]-LX[0]*d*k, S.wall, p[2]-LX[2]*d*k)
            return (p[0]-LX[0]*p[2]/LX[2]*k, p[1]-LX[1]*p[2]/LX[2]*k, 0.)
        soft, tight = [], []
        zt = lo[2]+max((hi[2]-lo[2])*.14, size*.05)
        for it in items:
            if not it[8]: continue
            if it[0] == 0:
                pp = [cam(onto(p, .8)) for p in it[1]]; soft.append(pth(pp))
                if S.wall is None and max(p[2] for p in it[1]) < zt: tight.append(pth([cam(onto(p, .25)) for p in it[1]]))
            else:
                p0, p1 = it[1]; r0, r1 = it[7]; dd = unit(sub(p1, p0))
                sd = unit(cross(dd, LX)); q = [mad(p0, sd, r0), mad(p1, sd, r1), mad(p1, sd, -r1), mad(p0, sd, -r0)]
                soft.append(pth([cam(onto(p, .8)) for p in q]))
                if S.wall is None and max(p0[2], p1[2]) < zt: tight.append(pth([cam(onto(p, .25)) for p in q]))
        out.append('<g opacity="%.2f" filter="url(#b1)"><path fill="#6b4a1e" d="%s"/></g>' % (.4*shadow, ''.join(soft)))
        if tight: out.append('<g opacity="%.2f" filter="url(#b2)"><path fill="#4a3010" d="%s"/></g>' % (.62*shadow, ''.join(tight)))
        if S.wall is not None: out.append('<g opacity=".22" filter="url(#b2)"><path fill="#4a3010" d="%s"/></g>' % ''.join(soft))
    draws = []
    hgt = max(hi[2]-lo[2], 1e-6)
    def lit(n, p, ao, spec, emit, v):
        nl = dot(n, LX)
        s = .45+.17*(n[2]*.5+.5)+.54*max(0, (nl+.2)/1.2)
        if S.floor_ao: ao *= 1-.3*math.exp(-max(0, p[2])/(.075*size))
        s *= ao
        if spec:
            hx = unit(sub(LX, v)); sp = dot(n, hx)
            if sp > 0: s += spec*ao*sp**22*1.6
        return s+emit
    for it in items:
        typ, pts, col, n, ao, spec, bias, ex, sh, emit, alpha = it
        if typ == 0:
            c = mul(tuple(map(sum, zip(*pts))), 1/len(pts)); v = unit(sub(c, cam.pos))
            f = dot(n, v)
            if f > .02:
                if not ex: continue
                n = mul(n, -1); ao *= .8
            pp = [cam(p) for p in pts]
            xs_ = [p[0] for p in pp]; ys_ = [p[1] for p in pp]
            if max(xs_) < -5 or min(xs_) > W+5 or max(ys_) < -5 or min(ys_) > H+5: continue
            h = hexc(tone(col, lit(n, c, ao, spec, emit, v)))
            if alpha < 1: st = '<path fill="%s" fill-opacity="%.2f" stroke="none" d="%s"/>' % (h, alpha, pth(pp))
            else: st = '<path fill="%s" stroke="%s" d="%s"/>' % (h, h, pth(pp))
            draws.append((cam.depth(c)-bias, st))
        else:
            p0, p1 = pts; t0, t1 = n; r0, r1 = ex
            c = mul(add(p0, p1), .5); v = unit(sub(c, cam.pos)); d = unit(sub(p1, p0))
            s0 = unit(cross(t0, v)); s1 = unit(cross(t1, v)); sm = unit(cross(d, v)); fr = unit(cross(sm, d))
            if dot(fr, v) > 0: fr = mul(fr, -1)
            px = r0*cam.k*2
            a0, a1 = cam(p0), cam(p1)
            if max(a0[0], a1[0])+px < 0 or min(a0[0], a1[0])-px > W or max(a0[1], a1[1])+px < 0 or min(a0[1], a1[1])-px > H: continue
            N = int(clamp(px/2.6, 2, 11)); st = []
            for i in range(N):
                f0, f1 = -1+2*i/N, -1+2*(i+1)/N; fm = (f0+f1)/2
                nn = add(mul(sm, fm), mul(fr, sqrt(max(0, 1-fm*fm))))
                h = hexc(tone(col, lit(nn, c, ao, spec, emit, v)))
                pp = [cam(mad(p0, s0, r0*f0)), cam(mad(p1, s1, r1*f0)), cam(mad(p1, s1, r1*f1)), cam(mad(p0, s0, r0*f1))]
                st.append('<path fill="%s" stroke="%s" d="%s"/>' % (h, h, pth(pp)))
            draws.append((cam.depth(c)-bias-r0*.5, ''.join(st)))
    draws.sort(key=lambda t: -t[0])
    out.append('<g stroke-width=".7" stroke-linejoin="round">')
    out += [d[1] for d in draws]
    out.append('</g>')
    for f in S.over2d: out.append(f(cam))
    if arrows: out.append(dims(cam, arrows))
    out.append('</svg>')
    return ''.join(out)

def dims(cam, arrows):
    o = ['<g stroke="#2a261f" fill="none" stroke-width="3.2" stroke-linecap="round">']; lab = []
    for a, b, ea, eb, txt in arrows:
        x0, y0 = cam(a); x1, y1 = cam(b); L = hypot(x1-x0, y1-y0) or 1; ux, uy = (x1-x0)/L, (y1-y0)/L
        for e, (x, y) in ((ea, (x0, y0)), (eb, (x1, y1))):
            if e:
                ex, ey = cam(e); o.append('<path stroke-width="2" stroke-opacity=".42" stroke-dasharray="3 8" d="M%.1f %.1fL%.1f %.1f"/>' % (ex, ey, x, y))
        o.append('<path d="M%.1f %.1fL%.1f %.1f"/>' % (x0, y0, x1, y1))
        for x, y, s in ((x0, y0, 1), (x1, y1, -1)):
            o.append('<path d="M%.1f %.1fL%.1f %.1fL%.1f %.1f"/>' % (x+s*ux*20-uy*9, y+s*uy*20+ux*9, x, y, x+s*ux*20+uy*9, y+s*uy*20-ux*9))
        mx, my = (x0+x1)/2, (y0+y1)/2; w = 24*len(txt)+26
        if L < w+70 and abs(uy) < .9*abs(ux)+.35: mx += abs(uy)*60; my += abs(ux)*56
        elif L < 150: mx -= w/2+18
        lab.append('<rect x="%.0f" y="%.0f" width="%d" height="62" rx="31" fill="#fffdf6" stroke="#d8c69c" stroke-width="2"/>'
                   '<text x="%.0f" y="%.0f" text-anchor="middle" font-family="DejaVu Sans, sans-serif" font-weight="700" font-size="38" fill="#2a261f">%s</text>'
                   % (mx-w/2, my-31, w, mx, my+14, txt))
    return ''.join(o)+'</g>'+''.join(lab)

# ------------------------------------------------------------------ products
PROD = {}
def product(slug, dim, **kw):
    def deco(f): PROD[slug] = dict(f=f, dim=dim, **kw); return f
    return deco

def allof(cols, S): return lambda k: S.pick(cols, .03)

def basket(S, n, m, R, Z, H, xs=CIRCLE, over=plain, cu=None, cv=None, h=.3, th=.5, gap=.05, cols=NATURAL, topao=1., ao=None):
    cu = cu or (lambda j: S.pick(cols)); cv = cv or (lambda i: S.pick(cols))
    CU = [cu(j) for j in range(m)]; CV = [cv(i) for i in range(n)]
    P = rev(n, m, R, Z, xs)
    weave(S, P, (0, n), (0, m), over, lambda j: CU[j], lambda i: CV[i], 1, h, gap, wrap=True, ao=ao)
    Pi = rev(n, m, lambda t: R(t)-(th if R(1) > 3 else th*.06), Z, xs)
    zb = Z(0)
    weave(S, Pi, (0, n), (0, m), lambda i, j: not over(i, j), lambda j: CU[j], lambda i: CV[i], -1, h, gap, wrap=True,
          ao=lambda p: .34+.5*clamp((p[2]-zb)/H)**1.1, fib=0)
    disk(S, R(0)*.99, zb+.3, rgb('#8a6434'), xs=xs, ao=.5)

def rim(S, z, R, r, cols, pitch, xs=CIRCLE, **k): coil(S, ring(R, z, 180, xs), r, cols, True, pitch, **k)

@product('keranjang-sampah-anyam', (30, 30, 38), v2=dict(focus=(1, -13, 28), zoom=2.7, az=24, el=26), az=24, el=24, back=0)
def _(S):
    R = lambda t: lerp(10.6, 14.4, t); Z = lambda t: .6+36.4*t
    basket(S, 44, 24, R, Z, 37, h=.34, cols=NATURAL,
           cu=lambda j: S.pick(GREEN if j in (15, 18) else SMOKED if j in (16, 17) else NATURAL), cv=lambda i: S.pick(PALE))
    rim(S, .8, 10.9, .75, HONEY, 1.5); rim(S, 37, 14.3, .95, HONEY, 1.7)

@product('keranjang-cucian-bertutup', (40, 40, 60), v2=dict(focus=(4, -20, 49), zoom=2.7, az=28, el=20), az=30, el=20, back=2)
def _(S):
    xs = superellipse(1, 1, 7)
    ov = kepang(8, 2)
    R = lambda t: 18.6-.5*(1-t); Z = lambda t: 1+49*t
    basket(S, 64, 26, R, Z, 50, xs, over=ov, cu=lambda j: S.pick(SMOKED), cv=lambda i: S.pick(PALE), h=.35, th=.5,
           ao=lambda p: 1-.38*smooth((p[2]-46.5)/3.5))
    rim(S, 1, 18.6, .9, HONEY, 2, xs)
    # lid
    Rl = lambda t: 19.3; Zl = lambda t: 49.6+6.4*t
    weave(S, rev(64, 4, Rl, Zl, xs), (0, 64), (0, 4), twill(2), lambda j: S.pick(SMOKED), lambda i: S.pick(PALE), 1, .35, wrap=True)
    rim(S, 49.6, 19.4, .65, HONEY, 1.7, xs); rim(S, 56, 19.1, .75, HONEY, 1.7, xs)
    c = 1.22
    Pt = lambda u, v: (u*c, v*c, 56.2+1.5*(1-max(abs(u*c), abs(v*c))/19)**.7 if max(abs(u*c), abs(v*c)) < 19 else 56.2)
    weave(S, Pt, (-15, 15), (-15, 15), kepang(8, 2), lambda j: S.pick(SMOKED), lambda i: S.pick(PALE), 1, .3,
          inside=lambda u, v: abs(u*c) ** 7+abs(v*c) ** 7 < 18.7 ** 7)
    coil(S, arc((-4.5, 0, 57), (4.5, 0, 57), 60.2, bulge=.8), .7, HONEY, pitch=1.3, bias=1)

@product('keranjang-parsel', (35, 25, 15), v2=dict(focus=(-3, -10, 11), zoom=2.6, az=24, el=32), az=26, el=26, back=3, top=15)
def _(S):
    xs = superellipse(17, 12, 3.2)
    R = lambda t: lerp(.8, .98, abs(t)**.8); Z = lambda t: .5+14*t
    basket(S, 64, 12, R, Z, 15, xs, cu=lambda j: S.pick(RED if j in (5, 6) else PALE), cv=lambda i: S.pick(NATURAL), h=.3, th=.4)
    rim(S, .7, .81, .7, HONEY, 1.4, xs); rim(S, 14.5, .985, .8, RED, 1.5, xs)
    for o in (-.8, .8):
        coil(S, arc((-16.6, o, 11), (16.6, o, 11), 33, bulge=.9), .62, NATURAL if o < 0 else PALE, pitch=1.2, bias=.6, axis=(0, 1, 0))
    for x in (-17, 17): lash(S, (x, 0, 13), (0, 0, 1), 1.5, 3, turns=4, bias=1.5)

@product('keranjang-belanja', (40, 22, 28), v2=dict(focus=(3, -10.5, 17), zoom=2.6, az=22, el=16), az=28, el=20, back=1, top=28)
def _(S):
    xs = superellipse(20, 11, 2.5)
    R = lambda t: lerp(.76, .98, t); Z = lambda t: .6+27*t
    def cv(i): return S.pick(GREEN if i % 9 in (0, 1) else FRESH)
    basket(S, 72, 24, R, Z, 28, xs, over=twill(2), cu=lambda j: S.pick(GREEN if j in (4, 5, 18, 19) else PALE), cv=cv, h=.3, th=.4)
    rim(S, .7, .77, .7, HONEY, 1.4, xs); rim(S, 27.6, .985, .85, HONEY, 1.6, xs)
    for y in (-10.2, 10.2):
        coil(S, arc((-8.5, y, 24), (8.5, y, 24), 42, bulge=.85), .7, HONEY, pitch=1.3, bias=.9 if y < 0 else .1)
        for x in (-8.5, 8.5): lash(S, (x, y*1.02, 25.6), (0, 0, 1), 1.15, 3.4, turns=4, bias=1.6 if y < 0 else 0)

def morph(sq, rd=CIRCLE):
    return sq, rd

@product('bakul-nasi', (28, 28, 24), v2=dict(focus=(-2, -11, 15.6), zoom=2.6, az=22, el=24), az=28, el=20, back=3)
def _(S):
    sq = superellipse(1, 1, 6)
    n, m = 48, 12
    def P(u, v):
        t = v/m; a = sq(u/n-.125+.125); b = CIRCLE(u/n); k = smooth(t*1.05)
        r = lerp(9.2, 13.2, abs(t)**.8)
        return ((lerp(a[0], b[0], k))*r, (lerp(a[1], b[1], k))*r, 2+13*t)
    CV = [S.pick(PALE) for _ in range(n)]
    weave(S, P, (0, n), (0, m), twill(2), lambda j: S.pick(NATURAL), lambda i: CV[i], 1, .28, wrap=True,
          ao=lambda p: 1-.35*smooth((p[2]-12.8)/2.2))
    # square foot
    for z0, z1 in ((.1, 1.1), (1.1, 2.2)):
        surf(S, lambda u, v: (sq(u)[0]*9.7, sq(u)[1]*9.7, lerp(z0, z1, v)), 64, 1, lambda u, v: S.pick(HONEY, .03))
    rim(S, 2.2, 9.55, .4, HONEY, 1.2, sq)
    # conical lid: a flat twill sheet folded into a cone
    cone_sheet(S, 13.9, 15., 23.6, 1.15, twill(2), PALE, NATURAL, .26)
    rim(S, 15.1, 13.75, .65, HONEY, 1.4)
    S.seg((0, 0, 23.2), (0, 0, 24), (0, 0, 1), (0, 0, 1), 1.0, .8, HONEY[0]); disk(S, .8, 24.0, HONEY[2], 16, bias=1)
    lash(S, (0, 0, 23.2), (0, 0, 1), 1.15, .9, turns=2)

def cone_sheet(S, R, z0, z1, c, over, cu, cv, h, side=1, ao=None, apex=.03, fib=1, col=None, see=False, back=DARK[0]):
    """Woven flat sheet rolled into a cone (apex up), so strips run as on a real folded cone."""
    Hc = z1-z0; sl = hypot(R, Hc); k = sl/R      # flat sector angle = 2pi/k
    lim = pi/k
    def P(u, v):
        x, y = (u-v)*c*.7071, (u+v)*c*.7071
        d = hypot(x, y) or 1e-6; a = math.atan2(y, x)*k-pi*.42
        rr = d/sl*R
        return (rr*cos(a), rr*sin(a), z1-Hc*d/sl)
    def ins(u, v):
        x, y = (u-v)*c*.7071, (u+v)*c*.7071
        d = hypot(x, y); return apex*sl < d < sl*1.0 and abs(math.atan2(y, x)) <= lim
    N = int(sl/c)+2
    f = (lambda o: o) if side > 0 else (lambda o: (lambda i, j: not o(i, j)))
    CU = {k_: S.pick(cu) for k_ in range(-N, N+1)}; CV = {k_: S.pick(cv) for k_ in range(-N, N+1)}
    if col: over_c = col
    # orientation of P(u, v): the cross product points down the cone on this mapping
    n = nrm(P, 3.3, 3.1); s0 = 1 if n[2] > 0 else -1
    weave(S, P, (-N, N), (-N, N), f(over), lambda j: CU.get(j, CU[0]), lambda i: CV.get(i, CV[0]), s0*side, h, .05, inside=ins, ao=ao, fib=fib, back=back)

@product('rinjing-panen', (55, 55, 45), v2=dict(focus=(2, -24, 33), zoom=2.6, az=20, el=22), az=26, el=26, back=2)
def _(S):
    sq = superellipse(1, 1, 5); n, m = 40, 13
    def mk(off):
        def P(u, v):
            t = v/m; a = sq(u/n); b = CIRCLE(u/n); k = smooth(t*1.15)
            r = lerp(13.5, 26.4, abs(t)**.62)-off
            return (lerp(a[0], b[0], k)*r, lerp(a[1], b[1], k)*r, .8+42.6*t)
        return P
    CV = [S.pick(FRESH if i % 4 else NATURAL) for i in range(n)]; CU = [S.pick(FRESH) for _ in range(m)]
    CU[9] = CU[10] = S.pick(HONEY)
    weave(S, mk(0), (0, n), (0, m), plain, lambda j: CU[j], lambda i: CV[i], 1, .6, .06, wrap=True)
    weave(S, mk(.8), (0, n), (0, m), lambda i, j: not plain(i, j), lambda j: CU[j], lambda i: CV[i], -1, .6, .06, wrap=True,
          ao=lambda p: .32+.5*(p[2]/45), fib=0)
    disk(S, 13, 1.2, rgb('#7d6233'), xs=sq, ao=.5)
    rim(S, 43.6, 26.3, 1.35, HONEY, 2.6); rim(S, 41, 26.6, .7, NATURAL, 2); rim(S, 1, 13.7, 1., HONEY, 2.2, sq)
    # two shoulder straps of wound cord, from rim to foot
    for deg in (-92, -38):
        a = math.radians(deg); path = []
        for i in range(41):
            s = i/40; t = lerp(.97, .1, s); r = lerp(13.5, 26.4, t**.62)+.9+5.5*sin(pi*s)
            if t < .3: r += 2*(.3-t)/.3
            path.append((cos(a)*r, sin(a)*r, .8+42.6*t-2.5*sin(pi*s)))
        coil(S, path, .85, RED, pitch=1.7, bias=5)

def hexlat(S, P, n, rows, w, cols, pitch, off=.25, ao=None, ring_cols=None, see=2):
    """Open hexagonal weave: horizontal hoops and two families of slanting strips on P(u in 0..1, t in 0..1)."""
    def N(u, t):
        return nrm(P, u, clamp(t, .01, .985), .003)
    K = 60
    for fam in (1, -1):
        for k in range(n):
            u0 = k/n; path = []; nn = []
            for i in range(K+1):
                t = i/K; u = u0+fam*pitch*t; path.append(P(u, t)); nn.append((u, t))
            c = S.pick(cols)
            ribbon(S, path, lambda p, i: N(*nn[i]), w, c, off=lambda i, f=fam: off*f*cos(TAU*(i/K)*rows*.5), ao=ao or 1)
    for r in range(1, rows):
        t = r/rows; nn = [(i/96, t) for i in range(96)]
        ribbon(S, [P(u, t) for u, _ in nn], lambda p, i: N(*nn[i]), w*1.0, S.pick(ring_cols or cols), closed=True,
               off=lambda i: off*1.2*sin(TAU*i/96*n), ao=ao or 1)

@product('kurungan-ayam', (80, 80, 65), v2=dict(focus=(0, -27, 45), zoom=2.7, az=22, el=30), az=24, el=17, back=1)
def _(S):
    def P(u, t):
        a = t*1.33; r = 39.2*abs(cos(a))**.8 if t < 1 else 39.2*cos(1.33)**.8
        return (cos(TAU*u)*r, sin(TAU*u)*r, 1.5+59.5*sin(a)/sin(1.33))
    hexlat(S, P, 26, 8, 1.7, FRESH, .19, .35, ring_cols=NATURAL)
    tube(S, ring(39.3, 1.6, 120), 1.3, HONEY[0], True); tube(S, ring(39.6, 4, 120), .8, NATURAL[1], True)
    zt = P(0, 1)[2]; rt = hypot(*P(0, 1)[:2])
    coil(S, ring(rt, zt, 90), 1.3, HONEY, True, 2.4); coil(S, ring(rt+.6, zt-2, 90), .8, HONEY, True, 2)
    coil(S, arc((-5.5, 0, zt+.3), (5.5, 0, zt+.3), 65.5, 24), .8, RED, pitch=1.5)

@product('ranjang-angkut-ayam', (70, 50, 30), v2=dict(focus=(-14, -18, 22), zoom=2.6, az=22, el=34), az=26, el=28, back=4)
def _(S):
    xs = superellipse(34.4, 24.4, 2.4)
    def P(u, t):
        x, y = xs(u); b = 1+.03*sin(pi*t); return (x*b*.98, y*b*.98, 1+28*t)
    hexlat(S, P, 34, 4, 1.7, NATURAL, .09, .35, ring_cols=FRESH)
    for z in (1.2, 29): coil(S, ring(.985, z, 180, xs), 1.1, HONEY, True, 2.3)
    # slatted floor
    for i in range(-8, 9):
        x = i*4; y = 24*max(0, 1-abs(x/34)**2.4)**(1/2.4)
        if y > 2: ribbon(S, [(x, -y+2*y*k/12, 1.) for k in range(13)], lambda p, i_: (0, 0, 1), 2.6, S.pick(SMOKED), ao=.75)
    # lattice lid in three directions
    for ang in (0, 60, 120):
        a = math.radians(ang); d = (cos(a), sin(a)); nx = (-sin(a), cos(a))
        for k in range(-7, 8):
            s = k*4.6; pts = []
            for i in range(81):
                t = -36+72*i/80; x, y = d[0]*t+nx[0]*s, d[1]*t+nx[1]*s
                if abs(x/33.6)**2.4+abs(y/23.6)**2.4 < 1:
                    if hypot(x/11.5, y/9.5) > 1: pts.append((x, y, 29.3+1.2*(1-(x/34)**2-(y/24)**2)))
                    elif len(pts) > 1: ribbon(S, pts, lambda p, i_: (0, 0, 1), 1.5, S.pick(NATURAL), off=lambda i_: .25*cos(i_*.9+ang)); pts = []
                    else: pts = []
            if len(pts) > 2: ribbon(S, pts, lambda p, i_: (0, 0, 1), 1.5, S.pick(NATURAL), off=lambda i_: .25*cos(i_*.9+ang))
    e = lambda u: (cos(TAU*u)*11.5, sin(TAU*u)*9.5)
    coil(S, ring(1, 30.2, 120, e), .8, RED, True, 1.6, bias=.6)
    for k in range(-4, 5):
        x = k*2.3; y = 9.5*sqrt(1-(x/11.5)**2)
        tube(S, [(x, -y+2*y*i/8, 30.5) for i in range(9)], .35, S.pick(PALE), bias=.4)

# ---- bird cages
def bars(S, pts_fn, n, r, cols, **k):
    for i in range(n): tube(S, pts_fn(i/n), r, S.pick(cols, .05), **k)

def hook(S, z, top, s=1.):
    p = [(0, 0, z+i*(top-z-3*s)/6) for i in range(7)]
    c = (1.5*s, 0, top-1.6*s)
    p += [(c[0]-1.5*s*cos(a), 0, c[2]+1.5*s*sin(a)) for a in [i*.28 for i in range(1, 15)]]
    tube(S, p, .3*s, rgb('#6f6a60'), spec=.6)

def perch_cup(S, w, z, cupx):
    pole(S, (-w, 0, z), (w, 0, z), .55, SMOKED, nodes=11)
    surf(S, lambda u, v: (cupx+cos(TAU*u)*lerp(1.7, 2.2, v), -6+sin(TAU*u)*lerp(1.7, 2.2, v), z-9+3.4*v), 24, 3, rgb('#f3ead2'), two=True)
    surf(S, lambda u, v: (cupx+cos(TAU*u)*2.22, -6+sin(TAU*u)*2.22, z-7.2+.7*v), 24, 1, GREEN[0], bias=.2)

@product('sangkar-burung-bulat', (38, 38, 65), v2=dict(focus=(0, -17, 42), zoom=2.5, az=18, el=12), az=22, el=13, back=0)
def _(S):
    R = 18.2
    def drum(z0, z1, r, col, ao=1): surf(S, lambda u, v: (cos(TAU*u)*r, sin(TAU*u)*r, lerp(z0, z1, v)), 72, 2, col, ao=ao, spec=.3)
    for k in range(4):   # turned feet
        a = pi/4+k*pi/2; tube(S, [(cos(a)*15, sin(a)*15, z) for z in (0, .6, 1.2, 2.)], lambda t: 1.5-.5*t, SMOKED[1])
    drum(2, 6.2, 18.9, lambda u, v: SMOKED[0] if int(u*36) % 2 else SMOKED[2])
    disk(S, 18.6, 6.2, HONEY[1], 72); tube(S, ring(18.9, 2.1, 120), .55, DARK[0], True); tube(S, ring(18.9, 6.3, 120), .65, DARK[0], True)
    def bar(u):
        o = []
        for i in range(34):
            t = i/33
            if t < .62: r, z = R, lerp(6.4, 40, t/.62)
            else: a = (t-.62)/.38*1.5; r, z = R*abs(cos(a))**.9+.6, 40+16.5*sin(a)
            o.append((cos(TAU*u)*r, sin(TAU*u)*r, z))
        return o
    bars(S, bar, 44, .22, PALE)
    for z, r in ((17, R), (28.5, R), (40, R)): tube(S, ring(r, z, 120), .5, HONEY[0], True)
    tube(S, ring(R*cos(.8)**.9+.6, 40+16.5*sin(.8), 100), .42, HONEY[0], True)
    perch_cup(S, 17.6, 20, 9); pole(S, (0, -17, 31), (0, 17, 31), .5, SMOKED, nodes=11)
    surf(S, lambda u, v: (cos(TAU*u)*lerp(3, .7, abs(v)**.5), sin(TAU*u)*lerp(3, .7, abs(v)**.5), 56+3*v), 30, 6, SMOKED[0], bias=.5, spec=.35)
    tube(S, ring(2.8, 56.2, 40), .6, DARK[0], True)
    hook(S, 58.5, 65, 1.15)
    # door
    tube(S, [(x, -sqrt(R*R-x*x)-.4, z) for x, z in ((-4, 8.), (-4, 16.), (4, 16.), (4, 8.), (-4, 8.))], .42, SMOKED[0], bias=.8)

@product('sangkar-burung-kotak', (40, 40, 60), v2=dict(focus=(-4, -20, 12), zoom=2.5, az=24, el=16), az=27, el=14, back=2)
def _(S):
    W = 18.6
    def box(z0, z1, w, col):
        for a in range(4):
            f = rot('z', 90*a)
            for k in range(8):
                x0, x1 = -w+2*w*k/8, -w+2*w*(k+1)/8
                S.poly([f((x0, -w, z0)), f((x1, -w, z0)), f((x1, -w, z1)), f((x0, -w, z1))], S.pick([col], .05), f((0, -1, 0)), spec=.3)
    for x in (-16, 16):
        for y in (-16, 16): pole(S, (x, y, 0), (x, y, 2.5), 1.4, SMOKED, caps=False)
    box(2, 7, 19.4, HONEY[1]); S.poly([(-19, -19, 7), (19, -19, 7), (19, 19, 7), (-19, 19, 7)], NATURAL[0], (0, 0, 1), .8)
    sqp = lambda w, z: [(-w, -w, z), (w, -w, z), (w, w, z), (-w, w, z), (-w, -w, z)]
    def frame(w, z, r, c, bias=0):
        p = sqp(w, z)
        for a, b in zip(p, p[1:]): tube(S, [mad(a, sub(b, a), i/16) for i in range(17)], r, c, bias=bias)
    frame(19.5, 2.4, .6, SMOKED[0], 2.5); frame(19.4, 7, .7, SMOKED[0], 1)
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)): pole(S, (x*W, y*W, 7), (x*W, y*W, 44.5), .85, HONEY, caps=False, nodes=15)
    for z in (19, 31, 44.3): frame(W, z, .5 if z < 40 else .9, HONEY[0] if z < 40 else SMOKED[0])
    for a in range(4):
        f = rot('z', 90*a)
        for k in range(1, 16):
            x = -W+2*W*k/16
            tube(S, [f((x, -W, lerp(7, 44.3, i/14))) for i in range(15)], .2, S.pick(PALE, .05))
            # hip roof
            tp = max(0., 1)
            tube(S, [f((lerp(x, x*.18, i/10), lerp(-W, -W*.18, i/10), 44.3+8.6*sin(i/10*pi/2)**.9)) for i in range(11)], .2, S.pick(PALE, .05))
        tube(S, [f((lerp(-W, -W*.18, i/12), lerp(-W, -W*.18, i/12), 44.3+8.6*sin(i/12*pi/2)**.9)) for i in range(13)], .5, SMOKED[0])
    frame(W*.55, 50.4, .4, HONEY[0]); 
    for dz in (52.6, 53.6): frame(W*.19, dz, .6, SMOKED[0])
    S.poly([(-3.5, -3.5, 53.8), (3.5, -3.5, 53.8), (3.5, 3.5, 53.8), (-3.5, 3.5, 53.8)], SMOKED[1], (0, 0, 1))
    perch_cup(S, 18, 20, 9); pole(S, (-18, 4, 32), (18, 4, 32), .5, SMOKED, nodes=11); hook(S, 53.5, 60, 1.2)
    d = [(-5, -W-.6, 8), (-5, -W-.6, 18.6), (5, -W-.6, 18.6), (5, -W-.6, 8), (-5, -W-.6, 8)]
    for a, b in zip(d, d[1:]): tube(S, [mad(a, sub(b, a), i/8) for i in range(9)], .45, SMOKED[0], bias=.6)

@product('sangkar-lovebird', (55, 40, 60), v2=dict(focus=(-6, -20, 11), zoom=2.5, az=22, el=18), az=26, el=14, back=3)
def _(S):
    X, Y = 26.6, 19.2
    def side(w, d, z0, z1, col):
        for (p0, p1, n) in (((-w, -d), (w, -d), (0, -1, 0)), ((w, -d), (w, d), (1, 0, 0)), ((w, d), (-w, d), (0, 1, 0)), ((-w, d), (-w, -d), (-1, 0, 0))):
            for k in range(12):
                a = (lerp(p0[0], p1[0], k/12), lerp(p0[1], p1[1], k/12)); b = (lerp(p0[0], p1[0], (k+1)/12), lerp(p0[1], p1[1], (k+1)/12))
                S.poly([(a[0], a[1], z0), (b[0], b[1], z0), (b[0], b[1], z1), (a[0], a[1], z1)], S.pick([col], .04), n, spec=.3)
    for x in (-24, 24):
        for y in (-16.5, 16.5): pole(S, (x, y, 0), (x, y, 2.2), 1.3, DARK, caps=False)
    side(27.3, 19.8, 1.6, 11, FRESH[1]); S.poly([(-27, -19.5, 11), (27, -19.5, 11), (27, 19.5, 11), (-27, 19.5, 11)], PALE[0], (0, 0, 1), .8)
    # drawer front with knob
    S.poly([(-22, -20.2, 3), (22, -20.2, 3), (22, -20.2, 9.6), (-22, -20.2, 9.6)], FRESH[3], (0, -1, 0), 1, .3, bias=9)
    S.poly([(-21.4, -20.3, 3.5), (21.4, -20.3, 3.5), (21.4, -20.3, 9.1), (-21.4, -20.3, 9.1)], FRESH[2], (0, -1, 0), 1, .3, bias=9.5)
    pole(S, (-3.4, -21.4, 6.3), (3.4, -21.4, 6.3), .8, SMOKED, bias=11, caps=False)
    def loop(z, r, c, w=X, d=Y, bias=0):
        p = [(-w, -d, z), (w, -d, z), (w, d, z), (-w, d, z), (-w, -d, z)]
        for a, b in zip(p, p[1:]): tube(S, [mad(a, sub(b, a), i/18) for i in range(19)], r, c, bias=bias)
    loop(2, .6, SMOKED[0], 27.5, 20, 4); loop(11, .7, SMOKED[0], 27.3, 19.8, 1); loop(24, .45, HONEY[0]); loop(37, .7, SMOKED[0])
    prof = lambda a: (-cos(a)*Y, 37+18*abs(sin(a))**.85)
    nb = 26
    for k in range(nb+1):
        x = -X+2*X*k/nb; big = k in (0, nb)
        c = SMOKED[0] if big else S.pick(PALE, .05); r = .6 if big else .21
        path = [(x, -Y, lerp(11, 37, i/10)) for i in range(10)]+[(x,)+prof(pi*i/20) for i in range(21)]+[(x, Y, lerp(37, 11, i/10)) for i in range(1, 11)]
        tube(S, path, r, c)
    for s in (-X, X):
        for k in range(1, 18):
            y = -Y+2*Y*k/18; zt = 37+18*max(0, 1-(y/Y)**2)**.425
            tube(S, [(s, y, lerp(11, zt, i/14)) for i in range(15)], .2, S.pick(PALE, .05))
    for a in (.55, 1.05, 2.1, 2.6): tube(S, [(lerp(-X, X, i/18),)+prof(a) for i in range(19)], .4, HONEY[0])
    tube(S, [(lerp(-X, X, i/18),)+prof(pi/2) for i in range(19)], .8, SMOKED[0])
    perch_cup(S, 26, 26, 12); pole(S, (-26, 6, 40), (26, 6, 40), .55, SMOKED, nodes=11)
    hook(S, 55, 60, .9)
    d = [(-5, -Y-.6, 12), (-5, -Y-.6, 23.4), (5, -Y-.6, 23.4), (5, -Y-.6, 12), (-5, -Y-.6, 12)]
    for a, b in zip(d, d[1:]): tube(S, [mad(a, sub(b, a), i/8) for i in range(9)], .5, SMOKED[0], bias=.6)

# ---- furniture
def slats(S, x0, x1, y0, y1, z, w, cols, along='x', gap=.25, r=None, bias=0):
    """Split bamboo slats lying side by side (half-round on top)."""
    lo, hi = (y0, y1) if along == 'x' else (x0, x1)
    n = int((hi-lo)/(w+gap)); st = (hi-lo)/n
    for k in range(n):
        c = lo+st*(k+.5); j = S.rnd.uniform(-.5, .5)
        a, b = ((x0+j, c, z), (x1+j, c, z)) if along == 'x' else ((c, y0+j, z), (c, y1+j, z))
        pole(S, a, b, w/2, cols, nodes=S.rnd.uniform(19, 27), bias=bias)

POLE = [rgb(h) for h in ('#d3b164', '#caa658', '#dcbc74', '#c29c4c')]
POLEG = [rgb(h) for h in ('#b9b05c', '#aca552', '#c5bb6c')]

def joints(S, pts, r, axis=(0, 0, 1), w=3):
    for p in pts: lash(S, p, axis, r, w)

@product('kursi-bambu', (60, 65, 85), v2=dict(focus=(-10, -26, 50), zoom=2.3, az=30, el=20), az=32, el=17, back=0)
def _(S):
    r = 2.3; X, Y0, Y1 = 27, -28, 24
    for s in (-1, 1):
        pole(S, (s*X, Y0, 0), (s*X, Y0, 60), r, POLE); pole(S, (s*X, Y1, 0), (s*X, Y1+7, 84), r, POLE)
        pole(S, (s*X, Y0-4, 61.5), (s*X, Y1+8, 61.5), r, POLE)
        pole(S, (s*X, Y0, 36), (s*X, Y1+2, 36), 1.9, POLE); pole(S, (s*X, Y0, 12), (s*X, Y1+1, 12), 1.6, POLE)
        for k in range(4):
            y = lerp(Y0+9, Y1-6, k/3); pole(S, (s*X, y, 37), (s*X, y, 60.5), .9, POLEG, caps=False)
        joints(S, [(s*X, Y0, 36), (s*X, Y0, 12), (s*X, Y0, 58.5)], r*1.12)
    for z, rr in ((36, 1.9), (12, 1.6)): pole(S, (-X, Y0, z+1.5), (X, Y0, z+1.5), rr, POLE)
    for z in (36, 12): pole(S, (-X, Y1+3, z+1.5), (X, Y1+3, z+1.5), 1.6, POLE)
    for z, y in ((82, 31), (46, 28)): pole(S, (-X-1, y, z), (X+1, y, z), 2. if z > 50 else 1.6, POLE)
    for k in range(9):
        x = lerp(-X+5, X-5, k/8); pole(S, (x, 28.2, 46.5), (x, 31, 81.5), 1.35, POLEG if k % 2 else POLE, caps=False, nodes=16)
    slats(S, -X-1, X+1, Y0+1, Y1+2, 39.5, 3.6, POLE)

@product('bangku-bambu-panjang', (150, 40, 45), v2=dict(focus=(-47, -16, 36), zoom=4.2, az=26, el=24), az=28, el=20, back=1, box=(70, 200, 1130, 1000))
def _(S):
    X, Y = 66, 16
    for s in (-1, 1):
        for t in (-1, 1): pole(S, (s*X, t*Y, 0), (s*X, t*Y, 42), 2.8, POLE)
        pole(S, (s*X, -Y-3, 38.5), (s*X, Y+3, 38.5), 2.2, POLE); pole(S, (s*X, -Y-2, 13), (s*X, Y+2, 13), 1.8, POLE)
        joints(S, [(s*X, -Y, 38), (s*X, -Y, 13)], 3.15, w=4)
        pole(S, (s*X, -Y, 14), (s*(X-20), -Y, 38), 1.4, POLEG, caps=False)
    pole(S, (0, -Y-3, 39.5), (0, Y+3, 39.5), 2, POLE)
    for t in (-1, 1): pole(S, (-X-4, t*Y, 37.5), (X+4, t*Y, 37.5), 1.9, POLE); 
    pole(S, (-X, 0, 13), (X, 0, 13), 1.9, POLE)
    slats(S, -75, 75, -19.6, 19.6, 43, 3.8, POLE)

@product('dingklik-bambu', (30, 25, 22), v2=dict(focus=(-4, -9, 17), zoom=2.5, az=24, el=34), az=30, el=24, back=3)
def _(S):
    X, Y = 11.5, 8.5
    for s in (-1, 1):
        for t in (-1, 1):
            pole(S, (s*(X+1.2), t*(Y+1.2), 0), (s*X, t*Y, 20), 1.6, SMOKED, nodes=9)
            lash(S, (s*X, t*Y, 17.6), (0, 0, 1), 1.9, 2.2)
        pole(S, (s*(X+.4), -Y-3, 17.8), (s*(X+.4), Y+3, 17.8), 1.1, SMOKED, nodes=9)
        pole(S, (s*(X+.8), -Y-1.5, 7), (s*(X+.8), Y+1.5, 7), .9, SMOKED, nodes=9)
    for t in (-1, 1): pole(S, (-X-2, t*(Y+.6), 8.6), (X+2, t*(Y+.6), 8.6), .9, SMOKED, nodes=9)
    slats(S, -15, 15, -12.5, 12.5, 20.6, 2.6, HONEY, gap=.15)

@product('meja-tamu-bambu', (90, 50, 45), v2=dict(focus=(-24, -20, 40), zoom=3.2, az=28, el=30), az=30, el=25, back=4, box=(110, 200, 1090, 1000))
def _(S):
    X, Y = 40, 20.5
    for s in (-1, 1):
        for t in (-1, 1): pole(S, (s*X, t*Y, 0), (s*X, t*Y, 41), 2.5, POLE); lash(S, (s*X, t*Y, 38), (0, 0, 1), 2.85, 3.4); lash(S, (s*X, t*Y, 13), (0, 0, 1), 2.85, 3.2)
        pole(S, (s*X, -Y-3, 38.5), (s*X, Y+3, 38.5), 2, POLE); pole(S, (s*X, -Y-2, 13), (s*X, Y+2, 13), 1.6, POLE)
    for t in (-1, 1): pole(S, (-X-3, t*Y, 39.5), (X+3, t*Y, 39.5), 2., POLE); pole(S, (-X-2, t*Y, 14.5), (X+2, t*Y, 14.5), 1.6, POLE)
    slats(S, -X+1, X-1, -Y+2, Y-2, 15.8, 2.6, POLEG)
    c = 1.75; nx, ny = 25, 13
    weave(S, lambda u, v: (u*c, v*c, 42.6), (-nx+1, nx-1), (-ny, ny), kepang(7, 2), lambda j: S.pick(SMOKED), lambda i: S.pick(PALE), 1, .3,
          inside=lambda u, v: abs(u*c) < 42.4 and abs(v*c) < 22.4)
    for t in (-1, 1): pole(S, (-45, t*23.6, 42.8), (45, t*23.6, 42.8), 1.9, POLE)
    for s in (-1, 1): pole(S, (s*43.2, -23, 42.9), (s*43.2, 23, 42.9), 1.8, POLE)

@product('lincak-bambu', (180, 80, 45), v2=dict(focus=(-52, -34, 40), zoom=4., az=26, el=28), az=30, el=21, back=2, box=(60, 200, 1140, 1000))
def _(S):
    X, Y = 80, 34
    for s in (-1, 0, 1):
        for t in (-1, 1): pole(S, (s*X, t*Y, 0), (s*X, t*Y, 41.5), 3.2, POLEG); lash(S, (s*X, t*Y, 36.5), (0, 0, 1), 3.6, 4)
        pole(S, (s*X, -Y-5, 37), (s*X, Y+5, 37), 2.6, POLEG)
        if s: pole(S, (s*X, -Y-3, 12), (s*X, Y+3, 12), 2.2, POLEG)
    for t in (-1, 1):
        pole(S, (-X-6, t*Y, 36), (X+6, t*Y, 36), 2.4, POLEG)
        pole(S, (-X-4, t*Y, 13), (X+4, t*Y, 13), 2.2, POLEG)
    slats(S, -90, 90, -38.5, 38.5, 42.4, 4.2, POLEG+POLE, gap=.3)
    for t in (-1, 1): pole(S, (-90, t*38.5, 43), (90, t*38.5, 43), 2.4, POLE)

# ---- wall panels, blinds
def fabric_roll(S, x, y, r, z0, z1, turns, over, cu, cv, c):
    """Rolled mat standing on end: outside weave plus the spiral seen on the top."""
    n = int(TAU*r/c); m = int((z1-z0)/c)
    CV = [S.pick(cv) for _ in range(n)]; CU = [S.pick(cu) for _ in range(m)]
    P = lambda u, v: (x+cos(TAU*u/n)*r, y+sin(TAU*u/n)*r, z0+(z1-z0)*v/m)
    weave(S, P, (0, n), (0, m), over, lambda j: CU[j], lambda i: CV[i], 1, c*.12, wrap=True)
    disk_p = [(x+cos(TAU*i/40)*r, y+sin(TAU*i/40)*r, z1) for i in range(40)]
    S.poly(disk_p, rgb('#6d4f28'), (0, 0, 1), .8, 0)
    path = []; N = turns*36
    for i in range(N):
        a = TAU*i/36; rr = r*(1-.85*i/N); path.append((x+cos(a)*rr, y+sin(a)*rr, z1+.4))
    tube(S, path, r*.045, lambda t: PALE[int(t*60) % 4], bias=2)
    for z in (z0+(z1-z0)*.22, z0+(z1-z0)*.78):
        coil(S, [(x+cos(TAU*i/80)*(r+.8), y+sin(TAU*i/80)*(r+.8), z) for i in range(80)], 2.2, RED, True, 5, bias=1)

def panel(S, over, cu, cv, c, Wd=200, Hh=300, roll=True, edge=NATURAL, x0=-100):
    nx, ny = int(Wd/c), int(Hh/c); lean = math.radians(9)
    CV = [S.pick(cv) for _ in range(nx)]; CU = [S.pick(cu) for _ in range(ny)]
    P = lambda u, v: (x0+Wd*u/nx, 30+Hh*v/ny*sin(lean), Hh*v/ny*cos(lean))
    weave(S, P, (0, nx), (0, ny), over, lambda j: CU[j], lambda i: CV[i], 1, c*.13)
    t = (0, sin(lean), cos(lean)); rr = max(2.6, c*.45)
    for x in (x0+1, x0+Wd-1): pole(S, (x, 28, 0), mad((x, 28, 0), t, Hh), rr, edge, nodes=34)
    for k in (2., Hh-2.): pole(S, mad((x0-1, 27, 0), t, k), mad((x0+Wd+1, 27, 0), t, k), rr, edge, nodes=34)

def panel_arrows(S):
    return [((-100, -14, 0), (100, -14, 0), (-100, 26, 0), (100, 26, 0), '200 cm'),
            ((-122, 30, 0), (-122, 77, 297), (-100, 30, 0), (-100, 77, 297), '300 cm')]

@product('gedek-motif-kepang', (200, 300, 0), v2=dict(focus=(-18, 50, 150), zoom=3.3, az=14, el=10), az=17, el=9, back=1, arrows=panel_arrows, horizon=.7, box=(150, 110, 1050, 1060))
def _(S):
    panel(S, kepang(8, 2), SMOKED, PALE, 6.1)
    if S.view != 3: fabric_roll(S, 138, -6, 21, 0, 216, 5, kepang(8, 2), SMOKED, PALE, 6.1)

@product('gedek-kulit-halus', (200, 300, 0), v2=dict(focus=(-60, 44, 120), zoom=3.8, az=18, el=10), az=-17, el=9, az3=17, back=2, arrows=panel_arrows, horizon=.7, box=(150, 110, 1050, 1060))
def _(S):
    panel(S, twill(2), FRESH, FRESH+POLEG, 4.9, edge=[rgb('#8f9a4e'), rgb('#98a356')])
    if S.view != 3: fabric_roll(S, -138, -6, 17, 0, 206, 5, twill(2), FRESH, FRESH+POLEG, 5.)

@product('kerai-bambu', (150, 200, 0), v2=dict(focus=(-34, 0, 92), zoom=3., az=20, el=8), az=16, el=3, back=3, horizon=.9,
         arrows=lambda S: [((-75, -4, -18), (75, -4, -18), (-75, 0, 0), (75, 0, 0), '150 cm'), ((-92, 0, 0), (-92, 0, 200), (-75, 0, 0), (-75, 0, 200), '200 cm')],
         box=(170, 110, 1030, 1050))
def _(S):
    S.wall = 14; S.floor_ao = False
    full = S.view == 3; bot = 6 if full else 74; rr = 4.2 if full else 13
    pole(S, (-80, 1, 202), (80, 1, 202), 3.2, POLE, nodes=30)
    z = 198
    cols = [S.pick(c) for c in (NATURAL, NATURAL, HONEY, PALE)]
    k = 0
    while z > bot+rr*.6:
        c = S.pick(HONEY if 8 <= k % 34 <= 10 or 14 <= k % 34 <= 15 else NATURAL, .07)
        xs = [-75+150*i/6 for i in range(7)]; j = S.rnd.uniform(-.5, .5)
        tube(S, [(x+j, 0, z) for x in xs], 1.25, c); z -= 2.62; k += 1
    # the roll
    n = int(TAU*rr/2.6)
    for i in range(n):
        a = TAU*i/n; c = S.pick(NATURAL, .07)
        tube(S, [(-75+150*q/6, -rr*.45+cos(a)*rr, bot+sin(a)*rr) for q in range(7)], 1.35, c)
    for s in (-75, 75):
        for q in range(int(rr/2.4)):
            r2 = rr-2.4*q-1.2
            if r2 > 0: tube(S, [(s*1.002, -rr*.45+cos(TAU*i/30)*r2, bot+sin(TAU*i/30)*r2) for i in range(30)], .95, NATURAL[q % 4], True, ao=.8, bias=.4)
    for x in (-58, -20, 20, 58):      # bound cords
        coil(S, [(x, -1.7, 199), (x, -1.7, bot+rr)], .75, RED, pitch=2.4, bias=3)
    for x in (-40, 40):
        p = [(x, -2.6, 200-(200-bot-rr)*i/20) for i in range(21)]
        p += [(x, -rr*.45-sin(pi*i/14)*(rr+2.), bot+cos(pi*i/14)*(rr+2.)) for i in range(15)]
        coil(S, p, 1.0, PALE, pitch=3, bias=5)
    if not full: coil(S, [(62, -3, 201), (63, -5, 150), (61, -6, 100), (62, -6, 58)], .8, PALE, pitch=2.6, bias=4); coil(S, [(62, -6, 58), (62, -6, 50)], 2.2, RED, pitch=2.5, bias=4)

# ---- kitchen
def besek(S, x, y, z, ang, lid=True, cols=(PALE, NATURAL)):
    m0 = S.m; S.m = chain(rot('z', ang), lambda p: (p[0]+x, p[1]+y, p[2]+z))
    xs = superellipse(1, 1, 11); n = 32
    CV = [S.pick(cols[0]) for _ in range(n)]; CU = [S.pick(cols[1]) for _ in range(8)]
    def wall(r0, r1, z0, z1, m, side=1, ao=None):
        weave(S, rev(n, m, lambda t: lerp(r0, r1, t), lambda t: lerp(z0, z1, t), xs), (0, n), (0, m),
              twill(2) if side > 0 else (lambda i, j: not twill(2)(i, j)), lambda j: CU[j % 8], lambda i: CV[i], side, .2, wrap=True, ao=ao)
    wall(8.3, 8.5, 0, 5.6, 4, ao=lambda p: .86)
    if lid:
        wall(8.95, 8.95, 3.6, 7.8, 3)
        c = 17.9/14
        weave(S, lambda u, v: (u*c, v*c, 7.85), (-7, 7), (-7, 7), twill(2), lambda j: CU[j % 8], lambda i: CV[i+7], 1, .2,
              inside=lambda u, v: abs(u*c/8.95)**9+abs(v*c/8.95)**9 < 1)
        coil(S, ring(8.95, 7.75, 160, xs), .22, cols[0], True, .9); coil(S, ring(9.0, 3.7, 160, xs), .2, cols[0], True, .9)
    else:
        wall(8.1, 8.3, .2, 6, 4, -1, ao=lambda p: .75)
        c = 16.6/14
        weave(S, lambda u, v: (u*c, v*c, .3), (-7, 7), (-7, 7), twill(2), lambda j: CU[j % 8], lambda i: CV[i+7], 1, .2, ao=lambda p: .72)
        coil(S, ring(8.45, 6, 160, xs), .25, cols[0], True, .9)
    S.m = m0

@product('besek-isi-10', (18, 18, 8), v2=dict(focus=(-6, -7, 27), zoom=2.5, az=26, el=28), az=24, el=24, back=0, box=(110, 130, 1090, 1020))
def _(S):
    if S.view == 3: besek(S, 0, 0, 0, 0); return
    z = 0
    for i in range(4): besek(S, -9, 6, i*7.95, S.rnd.uniform(-4, 4)-4)
    for i in range(4): besek(S, 11.5, 8, i*7.95, S.rnd.uniform(-4, 4)+5)
    besek(S, -14, -16, 0, -12); besek(S, 9, -15, 0, 16, lid=False)

def flat_round(S, R, c, zf, over, cu, cv, h, rimr, rimcols, side2=True, hoop=2.2, gap=.05, back=DARK[0], pitch=1.6, see=False, z0=0):
    N = int(R/c)+2
    CU = {k: S.pick(cu(k)) for k in range(-N-1, N+1)}; CV = {k: S.pick(cv(k)) for k in range(-N-1, N+1)}
    P = lambda u, v: (u*c, v*c, zf(min(1, hypot(u*c, v*c)/R)))
    ins = lambda u, v: hypot(u*c, v*c) < R*.985
    weave(S, P, (-N, N), (-N, N), over, lambda j: CU[j], lambda i: CV[i], 1, h, gap, inside=ins, back=back, see=see,
          ao=lambda p: 1-.22*smooth((hypot(p[0], p[1])/R-.8)/.2))
    z = zf(1)
    # hoop: two bent bamboo bands bound together
    surf(S, lambda u, v: (cos(TAU*u)*(R+.5), sin(TAU*u)*(R+.5), z-hoop*.55+hoop*v), 96, 1, lambda u, v: S.pick(rimcols, .03))
    surf(S, lambda u, v: (cos(TAU*u)*(R-.4), sin(TAU*u)*(R-.4), z-hoop*.3+hoop*.75*v), 96, 1, lambda u, v: S.pick(rimcols, .03), side=-1, ao=.85)
    for rr in (R+.35, R-.35): tube(S, ring(rr, z+hoop*.42, 140), rimr, rimcols[0], True)
    n = int(TAU*R/4.2)
    for k in range(n):     # rattan binding
        a = TAU*k/n; d = (cos(a), sin(a)); t = .25/R*5
        p = []
        for i in range(13):
            b = pi*i/12; rr = R+.0+(rimr+.75)*cos(b); zz = z+hoop*.42+(rimr+.25)*sin(b)-(0 if 0 < i < 12 else hoop*.9)
            aa = a+t*(i/12-.5); p.append((cos(aa)*rr, sin(aa)*rr, zz))
        tube(S, p, .2+rimr*.22, DARK[2] if rimcols is not SMOKED else PALE[0], bias=.8)

@product('tampah', (50, 50, 6), v2=dict(focus=(-8, -12, 6), zoom=2.7, az=26, el=40), az=20, el=30, el3=38, back=1)
def _(S):
    if S.view != 3: S.m = chain(rot('x', 24), lambda p: (p[0], p[1], p[2]+10.6+.4))
    if S.view != 3: S.floor_ao = False
    flat_round(S, 24.2, 1.2, lambda d: .6+3.6*smooth((d-.72)/.28), kepang(7, 2), lambda k: PALE, lambda k: HONEY, .25, .55, HONEY)

@product('irig-saringan', (35, 35, 8), v2=dict(focus=(-7, -9, 9), zoom=2.6, az=22, el=42), az=26, el=32, el3=38, back=4)
def _(S):
    if S.view != 3: S.m = chain(rot('x', 16), lambda p: (p[0], p[1], p[2]+5.4)); S.floor_ao = False
    flat_round(S, 16.9, 1.45, lambda d: .6+5.6*d*d, plain, lambda k: FRESH, lambda k: NATURAL, .22, .5, SMOKED, gap=.23, back=None, see=True, hoop=2.4)

@product('kukusan-bambu', (28, 28, 35), v2=dict(focus=(2, -3, 13), zoom=2.5, az=20, el=24), az=24, el=20, back=2)
def _(S):
    def body():
        cone_sheet(S, 13.6, 0, 34.2, 1.25, twill(2), NATURAL, PALE, .25)
        cone_sheet(S, 13.3, -.2, 33.4, 1.25, twill(2), NATURAL, PALE, .25, side=-1, ao=lambda p: .38+.42*smooth(1-p[2]/30), fib=0)
        rim(S, .2, 13.6, .85, SMOKED, 1.6); rim(S, 1.8, 13.2, .5, HONEY, 1.4)
        pole(S, (0, 0, 33.2), (0, 0, 35), .7, SMOKED, caps=True, nodes=30)
    if S.view == 3: body(); return
    S.floor_ao = False
    # lying down, mouth toward us
    half = math.degrees(math.atan2(13.8, 34.5))
    def place(az, x, y):
        return chain(lambda p: (p[0], p[1], p[2]), rot('x', -90-half), lambda p: (p[0], p[1], p[2]+13.9*cos(math.radians(half))), rot('z', az), lambda p: (p[0]+x, p[1]+y, p[2]))
    S.m = place(-52, 6, -8); body()
    S.m = chain(lambda p: (p[0]-9, p[1]+16, p[2]+.8)); body(); S.m = None

@product('tudung-saji', (45, 45, 18), v2=dict(focus=(-6, -14, 11), zoom=2.5, az=20, el=34), az=24, el=24, back=1)
def _(S):
    R = 21.8; c = 1.3
    zf = lambda d: .6+15.2*(max(0, 1-d*d*.985))**.62
    N = int(R/c)+2
    def col(k):
        k = abs(k) % 9
        return GREEN if k == 4 else RED if k in (6,) else PALE if k != 7 else HONEY
    # radial rows keep the strips square to the dome
    n, m = 72, 19
    def P(u, v):
        t = v/m; a = t*1.42; return (cos(TAU*u/n)*R*cos(a), sin(TAU*u/n)*R*cos(a), .8+15.4*sin(a)/sin(1.42))
    def cc(j): return S.pick(GREEN if j in (3, 4, 11) else RED if j in (6, 9) else SMOKED if j in (7, 8) else PALE)
    CV = [S.pick(GREEN if i % 12 == 0 else RED if i % 12 == 6 else NATURAL) for i in range(n)]
    weave(S, P, (0, n), (0, 13), kepang(6, 2), cc, lambda i: CV[i], 1, .26, wrap=True)
    n2 = 36; CV2 = [S.pick(NATURAL if i % 6 else GREEN) for i in range(n2)]
    def P2(u, v): return P(u*2, v)
    weave(S, P2, (0, n2), (13, 18), plain, cc, lambda i: CV2[i], 1, .24, wrap=True)
    rim(S, .9, R+.3, .75, SMOKED, 1.5); a = 13/m*1.42
    tube(S, ring(R*cos(a)+.15, .8+15.4*sin(a)/sin(1.42)+.1, 90), .3, HONEY[0], True, bias=.4)
    rim(S, P(0, 18)[2]+.1, P(0, 18)[0], .5, RED, 1.1)
    surf(S, lambda u, v: (cos(TAU*u)*4.9*(1-v*.8), sin(TAU*u)*4.9*(1-v*.8), P(0, 18)[2]+.1+.9*sin(v*1.5)), 36, 5, lambda u, v: SMOKED[0] if int(u*36) % 2 else SMOKED[2], bias=.3)
    z = P(0, 18)[2]+.9
    surf(S, lambda u, v: (cos(TAU*u)*(.8+.75*sin(pi*v)), sin(TAU*u)*(.8+.75*sin(pi*v))*1, z+.2+2.2*v), 20, 8, GREEN[0], spec=.5, bias=1)
    disk(S, .8, z+2.4, GREEN[1], 16, bias=1.4)

@product('nampan-saji', (40, 28, 6), v2=dict(focus=(-8, -6, 4), zoom=2.6, az=26, el=38), az=26, el=32, back=0, top=6)
def _(S):
    xs = superellipse(19, 13, 6); n, m = 84, 4
    R = lambda t: lerp(.9, 1, t); Z = lambda t: .5+4.6*t
    CU = [S.pick(c) for c in (NATURAL, GREEN, GREEN, NATURAL)]; CV = [S.pick(PALE) for _ in range(n)]
    weave(S, rev(n, m, R, Z, xs), (0, n), (0, m), plain, lambda j: CU[j], lambda i: CV[i], 1, .22, wrap=True)
    weave(S, rev(n, m, lambda t: R(t)-.025, Z, xs), (0, n), (0, m), lambda i, j: not plain(i, j), lambda j: CU[j], lambda i: CV[i], -1, .22, wrap=True, ao=lambda p: .72+.2*p[2]/5)
    c = 1.13; CV2 = {k: S.pick(SMOKED if abs(k) % 12 in (5, 6, 7) else HONEY) for k in range(-20, 20)}
    weave(S, lambda u, v: (u*c, v*c, .75), (-16, 16), (-11, 11), kepang(6, 2), lambda j: S.pick(PALE), lambda i: CV2[i], 1, .22,
          inside=lambda u, v: abs(u*c/17.3)**6+abs(v*c/11.9)**6 < 1,
          ao=lambda p: 1-.3*smooth((max(abs(p[0])/17.2, abs(p[1])/11.8)-.82)/.18))
    coil(S, [(xs(i/200)[0], xs(i/200)[1], 5.2) for i in range(200)], .62, HONEY, True, 1.3)
    coil(S, [(xs(i/200)[0]*.905, xs(i/200)[1]*.905, .5) for i in range(200)], .5, HONEY, True, 1.3)
    for s in (-1, 1):
        coil(S, [(s*(18.7+1.2*sin(pi*i/20)), -5.2*cos(pi*i/20), 5.2+4.6*sin(pi*i/20)) for i in range(21)], .6, RED, pitch=1.2, bias=1)

# ---- home
@product('lampu-gantung-anyam', (35, 35, 40), v2=dict(focus=(-3, -14, 20), zoom=2.4, az=18, el=4, ), az=20, el=3, back=4, horizon=1.3, box=(270, 40, 930, 960), az3=20)
def _(S):
    S.floor_ao = False; S.noshadow = True
    def P(u, t):
        r = 7+10.2*sin(pi*clamp(t*.93+.035, 0, 1))**.8+1.5*(1-t); return (cos(TAU*u)*r, sin(TAU*u)*r, 1+36*t)
    S.extra_bg = ('<defs><radialGradient id="gl" cx="600" cy="590" r="760" gradientUnits="userSpaceOnUse"><stop offset="0" stop-color="#ffe9a8" stop-opacity=".95"/>'
        '<stop offset=".35" stop-color="#ffdc8a" stop-opacity=".5"/><stop offset="1" stop-color="#ffdf9a" stop-opacity="0"/></radialGradient></defs>'
        '<rect width="1200" height="1200" fill="#4a2c10" opacity=".58"/><rect width="1200" height="1200" fill="url(#gl)"/>')
    # inner paper glow
    surf(S, lambda u, v: mul_xy(P(u, v), .9), 40, 26, lambda u, v: mix(rgb('#ffd978'), rgb('#fff8dc'), clamp(1.3-2.4*abs(v-.45))), emit=.75, spec=0, bias=-1)
    
    def bloom(cam):
        x, y = cam((0, 0, 19)); r = 24*cam.k
        return ('<defs><radialGradient id="bl" cx="%.0f" cy="%.0f" r="%.0f" gradientUnits="userSpaceOnUse"><stop offset="0" stop-color="#ffe08a" stop-opacity=".62"/>'
                '<stop offset=".5" stop-color="#ffc85c" stop-opacity=".3"/><stop offset="1" stop-color="#ffc85c" stop-opacity="0"/></radialGradient></defs>'
                '<rect width="1200" height="1200" fill="url(#bl)" style="mix-blend-mode:screen"/>') % (x, y, r)
    S.over2d.append(bloom)
    hexlat(S, P, 30, 9, 1.15, HONEY, .2, .2, ring_cols=SMOKED)
    for t, r in ((0, .7), (1, .6)):
        x = P(0, t); coil(S, ring(x[0], x[2], 100), r, SMOKED, True, 1.4)
    x = P(0, 1); surf(S, lambda u, v: (cos(TAU*u)*lerp(x[0], 1.5, v), sin(TAU*u)*lerp(x[0], 1.5, v), x[2]+3*v**.7 if v > 0 else x[2]), 48, 5, SMOKED[1], bias=.3)
    tube(S, [(0, 0, x[2]+2.5+i) for i in range(26)], .42, rgb('#2f2a22'))

def mul_xy(p, k): return (p[0]*k, p[1]*k, p[2])

@product('vas-bambu', (14, 14, 45), v2=dict(focus=(-1, -6, 30), zoom=3.1, az=16, el=12), az=22, el=13, back=2,
         box=(230, 70, 970, 1040))
def _(S):
    n, m = 30, 26
    def R(t): return 4.6+2.1*sin(pi*(.12+.78*t))**2*(1-.25*t)+.5*smooth((t-.85)/.15)*1.4
    Z = lambda t: .8+43.4*t
    CU = [S.pick(DARK if j % 9 in (3, 4) else SMOKED) for j in range(m)]
    basket(S, n, m, R, Z, 44, over=twill(2), cu=lambda j: CU[j], cv=lambda i: S.pick(HONEY), h=.3, th=.5)
    rim(S, .9, R(0)+.15, .6, DARK, 1.3); rim(S, 44.2, R(1)+.05, .6, DARK, 1.3)
    if S.view == 3: return
    for k in range(15):
        a = S.rnd.uniform(0, TAU); sp = S.rnd.uniform(5, 20); H = S.rnd.uniform(60, 82)-sp*.4; p = []
        for i in range(19):
            t = i/18; p.append((cos(a)*(2.2*t+sp*t*t), sin(a)*(2.2*t+sp*t*t)*.8, lerp(30, H, t)-sp*.25*t**3))
        tube(S, p, .17, S.pick([rgb('#b89a5c'), rgb('#a98b4c'), rgb('#9c9a5a')]))
        top = p[-8:]; col = S.pick([rgb('#e3cfa0'), rgb('#d8bd84'), rgb('#cdb27c'), rgb('#b98e5a')], .08)
        if k % 3:
            for i in range(70):     # feathery plume
                t = S.rnd.random(); q = top[min(7, int(t*8))]; b = S.rnd.uniform(0, TAU); l = (1.9*sin(pi*(.1+.85*t))+.3)
                e = (q[0]+cos(b)*l+cos(a)*1.2, q[1]+sin(b)*l, q[2]+1.1+S.rnd.uniform(0, 1.6))
                tube(S, [q, mad(mul(add(q, e), .5), (0, 0, 1), .25), e], lambda s: .19*(1-s*.7), S.pick([col], .12), spec=.05, bias=.4)
        else:
            for i in range(22):     # seed heads
                q = top[i*8//22]; b = i*2.4; e = (q[0]+cos(b)*.7, q[1]+sin(b)*.7, q[2]+.9)
                tube(S, [q, e], lambda s: .34*sin(pi*(.2+.7*s)), S.pick([rgb('#a06a34'), rgb('#8d5a2c')], .1))

@product('topi-caping', (40, 40, 18), v2=dict(focus=(-3, -10, 9), zoom=2.5, az=18, el=34), az=22, el=20, back=3)
def _(S):
    cone_sheet(S, 19.4, .4, 17.2, 1.3, twill(2), PALE, NATURAL, .24, apex=.05)
    rim(S, .6, 19.4, .62, HONEY, 1.5)
    for z, c in ((2.8, GREEN), (3.9, GREEN), (6.2, HONEY), (13.8, HONEY)):
        r = 19.4*(17.2-z)/16.8+.28
        tube(S, ring(r, z, 120), .26, S.pick(c), True, bias=.4)
    surf(S, lambda u, v: (cos(TAU*u)*1.5*(1-v)**.6 if v < 1 else 0, sin(TAU*u)*1.5*(1-v)**.6 if v < 1 else 0, 16.2+1.7*v), 20, 6, SMOKED[0], bias=.5)
    for k in range(16):
        a = TAU*k/16; tube(S, [(cos(a)*lerp(19.3, 1.2, i/24), sin(a)*lerp(19.3, 1.2, i/24), lerp(.9, 16.6, i/24)+.1) for i in range(25)], .17, HONEY[3], bias=.35)

@product('tempat-tisu-anyam', (26, 14, 10), v2=dict(focus=(-6, -6, 7), zoom=2.5, az=26, el=30), az=28, el=27, back=4, top=10)
def _(S):
    xs = superellipse(12.7, 6.7, 9); n, m = 76, 9
    CV = [S.pick(PALE) for _ in range(n)]; CU = [S.pick(GREEN if j in (3, 5) else SMOKED if j == 4 else NATURAL) for j in range(m)]
    weave(S, rev(n, m, lambda t: 1, lambda t: .5+8.9*t, xs), (0, n), (0, m), plain, lambda j: CU[j], lambda i: CV[i], 1, .2, wrap=True)
    c = .98
    slot = lambda x, y: (abs(x)/6)**2.6+(abs(y)/1.9)**2.6 < 1
    weave(S, lambda u, v: (u*c, v*c, 9.5), (-13, 13), (-7, 7), kepang(4, 2), lambda j: S.pick(NATURAL), lambda i: S.pick(PALE), 1, .2,
          inside=lambda u, v: (abs(u*c)/12.6)**9+(abs(v*c)/6.6)**9 < 1 and not slot(u*c, v*c))
    S.poly(ring(1, 9.3, 60, superellipse(6, 1.9, 2.6)), rgb('#3a2815'), (0, 0, 1), .7, 0, bias=.1)
    coil(S, ring(1, 9.6, 120, superellipse(6.1, 2, 2.6)), .36, HONEY, True, .9, bias=.5)
    coil(S, [(xs(i/200)[0], xs(i/200)[1], 9.5) for i in range(200)], .42, HONEY, True, 1); coil(S, [(xs(i/200)[0], xs(i/200)[1], .5) for i in range(200)], .42, HONEY, True, 1)
    if S.view == 3: return
    def tis(u, v):
        x = (u-.5)*lerp(8, 10.5, v); w = sin(u*9+v*2)*lerp(.5, 1.5, v)
        return (x+v*1.2, w+.6*v*v*2, 9.2+v*(6.2+1.6*sin(u*5+.6))-abs(u-.5)*2.4*v)
    surf(S, tis, 44, 16, rgb('#f7f3ea'), two=True, spec=0, bias=1)

@product('kipas-anyam', (24, 24, 1), v2=dict(focus=(-4, 0, 27), zoom=2.4, az=14, el=6), az=14, el=5, back=3, horizon=.95, box=(230, 110, 970, 1070),
         arrows=lambda S: [((-12, -1, 10.6), (12, -1, 10.6), (-12, 0, 15), (12, 0, 15), '24 cm'), ((-15.5, 0, 15), (-15.5, 0, 39), (-12, 0, 15), (-12, 0, 39), '24 cm')])
def _(S):
    S.wall = 3.; S.floor_ao = False
    c = 1.; N = 12; ov = kepang(6, 2)
    S.m = chain(rot('x', 90), lambda p: (p[0], p[1], p[2]+27))
    def cu(j): return S.pick(RED if j in (-11, -10, 9, 10) else GREEN if j in (-8, 7) else PALE)
    def cv(i): return S.pick(RED if i in (-11, -10, 9, 10) else GREEN if i in (-8, 7) else HONEY)
    weave(S, lambda u, v: (u*c, v*c, .3), (-N, N), (-N, N), ov, cu, cv, 1, .2)
    for a, b in (((-12, -12), (12, -12)), ((12, -12), (12, 12)), ((12, 12), (-12, 12)), ((-12, 12), (-12, -12))):
        coil(S, [(a[0], a[1], .3), (b[0], b[1], .3)], .42, HONEY, pitch=1.1, bias=.4)
    S.m = None
    # split wooden handle that clasps one side and runs below
    tube(S, [(0, -.9, z) for z in [0+i*.8 for i in range(49)]], lambda t: (.85+.35*sin(pi*clamp(t*3))**2 if t < .34 else .85*(1-.62*(t-.34)/.66)), lambda t: mix(SMOKED[1], SMOKED[2], .5+.5*sin(t*60)*.3), bias=1.2, spec=.5)
    for z in (14.6, 16, 37.6): lash(S, (0, -.9, z), (0, 0, 1), 1.15 if z < 20 else .75, 1.1, turns=3, bias=2)
    coil(S, [(0, -.9, .6), (-.8, -1.2, -1.6), (0, -1, -3.6), (.8, -1.1, -1.6), (0, -.9, .6)], .2, RED, pitch=.6, bias=2)

# ---- sembako: plain packaging, no brands, no text
def bag(S, w, d, h, col, seam=True, n=40, m=34, stripe=None, paper=False, alpha=1., spec=.25, bias=0, puff=1., seedw=.5):
    rnd = S.rnd; A = [(rnd.uniform(1, 4), rnd.uniform(0, TAU), rnd.uniform(2, 7)) for _ in range(6)]
    def P(u, v):
        a = TAU*u; v = clamp(v)
        e = 2.3
        x = math.copysign(abs(cos(a))**(2/e), cos(a)); y = math.copysign(abs(sin(a))**(2/e), sin(a))
        th = (sin(pi*clamp(.05+.9*v))**.72)*puff*1.12; ww = 1-.05*sin(pi*v)-.02*(1-th)
        wr = sum(sin(k*a+p+f*v) for k, p, f in A)*.012*seedw*2
        zb = .9 if paper else th
        return (x*w/2*ww*(1+wr*.25), y*d/2*(max(.05, min(1, zb*(1.0 if v < .75 else lerp(1, .1, ((v-.75)/.25)**1.5))))*(1+wr*2.2)), h*v)
    surf(S, P, n, m, col, spec=spec, alpha=alpha, bias=bias)
    return P

def decal(S, P, poly, col, cu=.75, bias=3.4, spec=.1):
    """Draw a flat pictogram polygon (units of the bag front, -1..1) on the bag front."""
    def at(x, y): return P(cu+x*.125, .5+y*.5)
    cx = sum(p[0] for p in poly)/len(poly); cy = sum(p[1] for p in poly)/len(poly)
    n = nrm(P, cu+cx*.125, .5+cy*.5, .02)
    S.poly([at(*p) for p in poly], col, n, 1, spec, 6+bias*2, shadow=False, two=True)

def ell(cx, cy, rx, ry, rotd=0, n=22):
    a = math.radians(rotd); return [(cx+rx*cos(t)*cos(a)-ry*sin(t)*sin(a), cy+rx*cos(t)*sin(a)+ry*sin(t)*cos(a)) for t in [TAU*i/n for i in range(n)]]

def ear(S, P, col, s=1., cy=0., cx=0.):
    for k in range(4):
        for sd in (-1, 1): decal(S, P, ell(cx+sd*.17*s, cy+(-.12+k*.15)*s, .2*s, .05*s, sd*(52)), col)
    decal(S, P, ell(cx, cy+.52*s, .05*s, .1*s), col); decal(S, P, ell(cx, cy+.05*s, .022*s, .44*s), col)

def pack(base, band, acc, pict=True, w=27, d=11, h=40):
    def f(S):
        B, N_, C = rgb(base), rgb(band), rgb(acc)
        def col(u, v):
            if v < .14 or v > .9: return N_
            if .16 < v < .185 or .86 < v < .88: return C
            return B
        P = bag(S, w, d, h, col, n=88, m=60, spec=.35, seedw=1.)
        decal(S, P, ell(0, .02, .72, .36, 0, 40), mix(B, (255, 253, 244), .75), bias=.9); decal(S, P, ell(0, .02, .6, .3, 0, 40), N_, bias=1)
        ear(S, P, C, .5, -.08)
        for z in (h-.6,): tube(S, [(x, 0, z) for x in [-w/2+.6+(w-1.2)*i/20 for i in range(21)]], .35, N_)
    return f

PROD['beras-medium-5kg'] = dict(f=pack('#efe3c2', '#7f9048', '#f0d27a'), dim=None, az=18, el=14, back=0)
PROD['beras-premium-5kg'] = dict(f=pack('#f6f0df', '#2f5130', '#e4bd58'), dim=None, az=-18, el=14, back=2)

@product('beras-sphp-5kg', None, az=20, el=16, back=3)
def _(S):
    w, d, h = 29, 12, 42
    P = bag(S, w, d, h, lambda u, v: rgb('#e9e2d2') if .2 < v < .84 else rgb('#a9482a') if (v < .17 or v > .87) else rgb('#e9e2d2'), n=80, m=56, spec=.1, seedw=1.)
    for k in range(1, 44):      # woven sack threads
        v = k/44; tube(S, [P(.5+.5*i/26, v) for i in range(27)], .05, rgb('#d8cfba') if .2 < v < .84 else rgb('#98401f'), spec=0, bias=2.2, shadow=False)
    for k in range(30):
        u = .5+.5*k/30; tube(S, [P(u, i/24) for i in range(1, 24)], .045, rgb('#d8cfba'), spec=0, bias=2.1, shadow=False)
    decal(S, P, ell(0, .02, .62, .3, 0, 40), rgb('#a9482a'), bias=1.4); ear(S, P, rgb('#f6e5b0'), .46, -.07)
    tube(S, [(x, 0, h-1.2+.2*(i % 2)) for i, x in enumerate([-w/2+.5+(w-1)*k/40 for k in range(41)])], .28, rgb('#f6f0e0'), bias=1)
    # a heap of rice beside the sack
    for k in range(420):
        a = S.rnd.uniform(0, TAU); r = 6.5*sqrt(S.rnd.random()); z = 2.2*(1-(r/6.6)**1.3)*S.rnd.uniform(.75, 1)+.15
        c = (13+r*cos(a)*1.25, -12+r*sin(a)*.8, z); b = S.rnd.uniform(0, TAU); l = .42; dv = (cos(b)*l, sin(b)*l, S.rnd.uniform(-.1, .1))
        tube(S, [sub(c, dv), c, add(c, dv)], lambda t: .13*sin(pi*(.15+.7*t))+.05, S.pick([rgb('#f7f1e1'), rgb('#efe6cf')], .04), spec=.3)

def bowl(S, R, H, cols=NATURAL, cv=PALE, n=52, m=8):
    basket(S, n, m, lambda t: lerp(R*.62, R, abs(t)**.7), lambda t: .5+H*t, H, cu=lambda j: S.pick(cols), cv=lambda i: S.pick(cv), h=.25, th=.4)
    rim(S, H+.6, R, .6, HONEY, 1.3); rim(S, .6, R*.63, .5, HONEY, 1.3)

def blob(S, c, r, hgt, axis, col, prof, n=26, m=20, spec=.3, bias=0):
    """Lathe body with arbitrary axis: prof(t) radius, hgt length."""
    t = unit(axis); A = unit(cross(t, (0, 0, 1) if abs(t[2]) < .9 else (1, 0, 0))); B = cross(t, A)
    def P(u, v):
        k = r*prof(clamp(v)); a = -TAU*u
        return mad(mad(mad(c, t, hgt*(v-.5)), A, k*cos(a)), B, k*sin(a))
    s = nrm(P, .1, .5, .02); o = sub(P(.1, .5), c); sd = 1 if dot(s, o) > 0 else -1
    surf(S, P, n, m, col, side=sd, spec=spec, bias=bias)

@product('telur-ayam-1kg', None, az=22, el=34, back=1, horizon=.4)
def _(S):
    bowl(S, 14.5, 7)
    egg = lambda t: sqrt(max(0, 1-(2*t-1)**2))*(1-.16*(2*t-1))
    pos = [(0, 0, 9.4)]+[(5.9*cos(k*TAU/6+.3), 5.9*sin(k*TAU/6+.3), 8.2) for k in range(6)]+[(10.6*cos(k*TAU/10+.1), 10.6*sin(k*TAU/10+.1), 6.6) for k in range(10)]
    for x, y, z in pos:
        c = S.pick([rgb('#e3b083'), rgb('#d9a274'), rgb('#ecc29c'), rgb('#d39868')], .03)
        ax = (S.rnd.uniform(-1, 1), S.rnd.uniform(-1, 1), S.rnd.uniform(.3, 1.4))
        blob(S, (x, y, z), 2.35, 6., ax, c, egg, 22, 16, spec=.22)

@product('minyak-goreng-1l', None, az=20, el=12, back=4)
def _(S):
    OIL = [rgb('#e9b22e'), rgb('#dda422')]
    def prof(v):
        if v < .03: return lerp(.86, 1, v/.03)
        if v < .64: return 1-.05*sin(pi*clamp((v-.3)/.3))**2
        if v < .86: return lerp(1, .36, smooth((v-.64)/.22))
        return .36
    H = 27; R = 4.4; xs = superellipse(1, .82, 2.8)
    P = lambda u, v: (xs(u)[0]*R*prof(clamp(v)), xs(u)[1]*R*prof(clamp(v)), H*v)
    def col(u, v):
        c = mix(OIL[0], rgb('#f7d877'), .75*math.exp(-((u-.70)/.035)**2)); c = mix(c, rgb('#a86f0c'), .55*smooth(abs(((u-.72+.5) % 1)-.5)*4.6-.6))
        if v > .8: c = mix(c, (246, 240, 216), .65)
        if abs(v-.03) < .02 or abs(v-.66) < .012: c = mul(c, .86)
        return c
    surf(S, P, 64, 60, col, spec=.8, emit=.06)
    lab = lambda u, v: (xs(u)[0]*R*1.012, xs(u)[1]*R*1.012, lerp(5.6, 15.6, v))
    surf(S, lab, 64, 10, lambda u, v: rgb('#3c5a2a') if v < .1 or v > .9 else rgb('#f8f1de'), bias=.4, spec=.15)
    lp = lambda u, v: (xs(u)[0]*R*1.03, xs(u)[1]*R*1.03, lerp(5.6, 15.6, v))
    drop = [(.5*sin(t)*abs(sin(t/2))**1.5, .62*cos(t)) for t in [TAU*i/40 for i in range(40)]]
    decal(S, lp, [(x*.9, y) for x, y in drop], rgb('#e0a520'), bias=.8)
    decal(S, lp, ell(-.2, -.22, .06, .16, 20), rgb('#fbe9ae'), bias=2)
    surf(S, lambda u, v: (cos(TAU*u)*1.85, sin(TAU*u)*1.85, H-.2+2.5*v), 40, 4, lambda u, v: GREEN[0] if int(u*40) % 2 else GREEN[2], spec=.5)
    disk(S, 1.85, H+2.3, GREEN[2], 40, bias=.5); tube(S, ring(1.85, H-.3, 40), .22, GREEN[1], True)

def grain(S, base, spread): 
    return lambda u, v: S.pick([base], spread)

def clear_bag(S, w, d, h, base, spread, top, pict):
    P = bag(S, w, d, h, lambda u, v: S.pick([base], spread) if v < .78 else mix(base, (250, 248, 240), .5), m=60, n=64, spec=.5)
    for k in range(4):
        u = .58+.1*k+S.rnd.uniform(-.02, .02)
        tube(S, [P(u+.012*sin(i*.8+k), .16+.6*i/16) for i in range(17)], lambda t: .13*sin(pi*t), rgb('#fffef8'), bias=.6, shadow=False, ao=1.2)
    surf(S, lambda u, v: ((u-.5)*w*.97, .0-.03, h-.2+1.8*v), 20, 1, top, two=True, bias=.4)
    decal(S, P, ell(0, -.04, .66, .34, 0, 40), top, bias=1.2); decal(S, P, ell(0, -.04, .58, .3, 0, 40), rgb('#fbf6e8'), bias=1.3)
    pict(S, P)

def sq_decal(x, y, s, a=0):
    a = math.radians(a); return [(x+s*(cos(a)*i-sin(a)*j), y+s*.62*(sin(a)*i+cos(a)*j)) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]

@product('gula-pasir-1kg', None, az=20, el=15, back=2)
def _(S):
    def pict(S, P):
        for x, y, a in ((-.2, -.14, 8), (.2, -.12, -6), (0, .1, 3)):
            decal(S, P, sq_decal(x, y, .17, a), rgb('#3c5a2a'), bias=1.5); decal(S, P, sq_decal(x-.02, y+.015, .12, a), rgb('#e8efdc'), bias=1.7)
    clear_bag(S, 17, 8, 23, rgb('#f3ecda'), .05, GREEN[0], pict)
    for k in range(90):
        a = S.rnd.uniform(0, TAU); r = 4*sqrt(S.rnd.random()); z = 1.1*(1-r/4.1)
        b = rot('z', S.rnd.uniform(0, 90), (9+r*cos(a)*1.3, -7.5+r*sin(a)*.8, z))
        s = .2; S.poly([b((-s, -s, s)), b((s, -s, s)), b((s, s, s)), b((-s, s, s))], rgb('#f8f3e6'), (0, 0, 1)); S.poly([b((-s, -s, 0)), b((s, -s, 0)), b((s, -s, s)), b((-s, -s, s))], rgb('#eee4cc'), (0, -1, 0), two=True)

@product('garam-500g', None, az=-18, el=15, back=0)
def _(S):
    def pict(S, P):
        decal(S, P, [(-.3, -.3), (.3, -.3), (.22, .05), (-.22, .05)], rgb('#a9482a'), bias=1.5); decal(S, P, ell(0, .06, .22, .1), rgb('#a9482a'), bias=1.5)
        for x, y in ((-.08, .1), (.08, .1), (0, .04), (0, .14)): decal(S, P, ell(x, y, .03, .018), rgb('#fbf6e8'), bias=1.8)
    clear_bag(S, 14, 6, 18, rgb('#f7f5ef'), .03, RED[0], pict)
    for k in range(120):
        a = S.rnd.uniform(0, TAU); r = 3.4*sqrt(S.rnd.random()); z = 1.2*(1-r/3.5)
        c = (-8+r*cos(a)*1.3, -6+r*sin(a)*.8, z+.08); tube(S, [c, (c[0]+.14, c[1]+.06, c[2]+.1)], .13, rgb('#fbf9f3'), spec=.5)

@product('tepung-terigu-1kg', None, az=24, el=17, back=1)
def _(S):
    w, d, h = 13, 8.5, 20; xs = superellipse(w/2, d/2, 7)
    B, G = rgb('#f4ecd8'), rgb('#3c5a2a')
    def P(u, v):
        b = 1+.035*sin(pi*clamp(v))+.006*sin(7*v+u*30); return (xs(u)[0]*b, xs(u)[1]*b, h*v)
    surf(S, P, 96, 30, lambda u, v: G if v < .2 or .86 < v else rgb('#d9b25a') if v < .225 or v > .84 else B, spec=.08)
    S.poly(ring(1, h, 80, xs), mul(G, 1.05), (0, 0, 1), 1, .05, bias=.3)
    S.poly([(-w/2+.6, -.7, h+.1), (w/2-.6, -.7, h+.1), (w/2-.6, .7, h+.35), (-w/2+.6, .7, h+.35)], mul(G, .85), (0, -.3, .95), bias=.9, two=True)
    decal(S, P, ell(0, .06, .8, .42, 0, 40), rgb('#fffaf0'), bias=.8); decal(S, P, ell(0, .06, .7, .37, 0, 40), rgb('#d9b25a'), bias=.9)
    ear(S, P, rgb('#fffaf0'), .56, -.04)
    for k in range(60):
        a = TAU*k/60
    surf(S, lambda u, v: (9.5+cos(TAU*u)*4*(1-v), -7+sin(TAU*u)*2.9*(1-v), 1.7*smooth(v)*(1+.08*sin(u*40))), 40, 10, rgb('#faf5e8'), spec=0)

@product('bawang-merah-500g', None, az=20, el=30, back=3, horizon=.42)
def _(S):
    flat_round(S, 15.5, 1.3, lambda d: .6+2.2*smooth((d-.6)/.4), kepang(5, 2), lambda k: PALE, lambda k: NATURAL, .22, .45, HONEY)
    def shallot(c, ax, s):
        base = S.pick([rgb('#a5345a'), rgb('#b04066'), rgb('#943052'), rgb('#b55374')], .06); ph = S.rnd.uniform(0, 6); tip = rgb('#c79a58')
        def prof(t): return (sin(pi*clamp(t*1.02))**.62 if t < .55 else .98*(1-smooth((t-.55)/.38))**1.0+.08) if t > .001 else .02
        def col(u, v):
            k = .5+.5*sin(u*TAU*9+ph+sin(v*5)*.6); cc = mix(base, rgb('#d98aa2'), .32*k)
            if v > .68: cc = mix(cc, tip, smooth((v-.68)/.16))
            if v < .07: cc = rgb('#cdb68a')
            return cc
        blob(S, c, 1.85*s, 5.4*s, ax, col, prof, 28, 22, spec=.5)
    pos = []
    for lay, (n, R, z) in enumerate(((11, 10, 3.4), (8, 6.2, 3.6), (4, 2.4, 3.9), (7, 6.6, 6.), (3, 2.2, 6.6), (2, 1.6, 8.8))):
        for k in range(n):
            a = TAU*k/n+lay*.6; pos.append((cos(a)*R+S.rnd.uniform(-.6, .6), sin(a)*R+S.rnd.uniform(-.6, .6), z+S.rnd.uniform(-.2, .3)))
    for p in pos: shallot(p, (S.rnd.uniform(-1, 1), S.rnd.uniform(-1, 1), S.rnd.uniform(-.2, .8)), S.rnd.uniform(.9, 1.15))

@product('cabai-rawit-250g', None, az=24, el=32, back=2, horizon=.42)
def _(S):
    flat_round(S, 14, 1.2, lambda d: .6+2.6*smooth((d-.55)/.45), twill(2), lambda k: PALE, lambda k: NATURAL, .22, .45, SMOKED)
    REDS = [rgb('#c8281a'), rgb('#d43a1c'), rgb('#b81f18'), rgb('#df5a1e')]
    for k in range(135):
        r = 9.6*sqrt(S.rnd.random()); a = S.rnd.uniform(0, TAU); z = 1.7+5.6*(1-(r/10)**1.5)*S.rnd.uniform(.55, 1)
        d = S.rnd.uniform(0, TAU); L = S.rnd.uniform(3.6, 5.2); bend = S.rnd.uniform(-.5, .5); up = S.rnd.uniform(-.35, .35)
        c = (r*cos(a), r*sin(a), z); g = k % 6 == 0
        col = S.pick([rgb('#5f8a2a'), rgb('#76992f')] if g else REDS, .06)
        p = [(c[0]+cos(d+bend*t)*L*(t-.5), c[1]+sin(d+bend*t)*L*(t-.5), max(.9, c[2]+up*(t-.5)*2)) for t in [i/12 for i in range(13)]]
        tube(S, p, lambda t: .56*(min(1, t*9+.55))*(1-t**2.6)**.7+.03, col, spec=.75)
        e = p[0]; b = sub(p[0], p[1]); b = unit(b)
        tube(S, [mad(e, b, -.12), mad(e, b, .28)], .42, rgb('#57752c'), spec=.2)
        tube(S, [mad(e, b, .2), mad(mad(e, b, .9), (0, 0, 1), .15), mad(mad(e, b, 1.5), (0, 0, 1), .45)], .14, rgb('#6b8a35'), spec=.2)

# ------------------------------------------------------------------ portraits (flat, warm)
FACES = {
 'bu-sati':     dict(bg='#e9dcb8', skin='#b98258', cover='kerudung', c='#4d6b33', cloth='#c9a25a', age=2),
 'pak-marsuki': dict(bg='#dfe2c6', skin='#a9714a', cover='peci', c='#26231f', cloth='#f1e8d2', age=2, hair='#8d8578', tash='#8d8578'),
 'bu-tija':     dict(bg='#efdcbc', skin='#c08a60', cover='bun', c='#3a302a', cloth='#a9482a', age=1, hair='#4a4038'),
 'pak-sahroni': dict(bg='#e6d9bd', skin='#b07a50', cover='peci', c='#2a2723', cloth='#5f7a45', age=1, hair='#38302a', tash='#38302a', beard='#453c34'),
 'bu-misnati':  dict(bg='#e3e3cb', skin='#c9946a', cover='kerudung', c='#b2613c', cloth='#6d4a2c', age=0),
 'pak-buhari':  dict(bg='#ecdfbf', skin='#9f6a44', cover='caping', c='#d8b870', cloth='#40566a', age=2, hair='#9a9286', tash='#a39b8f'),
 'bu-halimah':  dict(bg='#e8dac0', skin='#c48e64', cover='kerudung', c='#efe3c6', cloth='#4d6b33', age=1, glass=1),
 'pak-sunar':   dict(bg='#dfe0c4', skin='#b8825a', cover='peci', c='#5a2a22', cloth='#7b4e29', age=0, hair='#2c2622', batik=1),
}

def face_svg(name):
    f = FACES[name]; r = random.Random(name); sk = rgb(f['skin'])
    k = lambda c, t: hexc(tone(rgb(c) if isinstance(c, str) else c, t))
    S1, S0, S2 = hexc(sk), k(sk, .84), hexc(mix(sk, (255, 232, 200), .22)); dk = k(sk, .52); cl = f['cloth']
    fem = name.startswith('bu'); jw = 58 if fem else 62; jy = 262 if fem else 266
    o = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400"><defs>'
         '<radialGradient id="g" cx=".38" cy=".3" r=".8"><stop offset="0" stop-color="#fffdf2" stop-opacity=".85"/><stop offset="1" stop-color="#fffdf2" stop-opacity="0"/></radialGradient>'
         '<linearGradient id="sh" x1="0" y1="0" x2="1" y2="0"><stop offset=".5" stop-color="#4a2c12" stop-opacity="0"/><stop offset="1" stop-color="#4a2c12" stop-opacity=".3"/></linearGradient>'
         '<filter id="b" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="7"/></filter><filter id="s" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="3"/></filter>'
         '<pattern id="w" width="28" height="28" patternUnits="userSpaceOnUse"><path d="M1 2h12v4H1zM1 8h12v4H1zM17 15h4v12h-4zM23 15h4v12h-4z" fill="#8d6f3c" opacity=".13"/></pattern>']
    face = 'M%d 170C%d 108 %d 108 %d 170C%d 214 %d 238 %d %dC214 %d 186 %d %d %dC%d 238 %d 214 %d 170Z' % (
        200-jw, 200-jw, 200+jw, 200+jw, 200+jw+1, 200+jw-7, 228, jy-6, jy+7, jy+7, 172, jy-6, 200-jw+7, 200-jw-1, 200-jw)
    o.append('<clipPath id="f"><path d="%s"/></clipPath></defs><rect width="400" height="400" fill="%s"/><rect width="400" height="400" fill="url(#w)"/><rect width="400" height="400" fill="url(#g)"/>' % (face, f['bg']))
    # shoulders
    sh = 'M40 400C44 336 92 316 150 302L250 302C308 316 356 336 360 400Z'
    o.append('<path d="%s" fill="#6b4a1e" opacity=".25" filter="url(#b)" transform="translate(8 -4)"/>' % sh)
    if f['cover'] == 'bun':
        o.append('<ellipse cx="200" cy="96" rx="38" ry="30" fill="%s"/><path d="M172 90q28 -22 56 0" stroke="%s" stroke-width="3" fill="none"/>' % (f['c'], k(f['c'], 1.25)))
    o.append('<path d="%s" fill="%s"/><path d="%s" fill="url(#sh)"/>' % (sh, cl, sh))
    if f.get('batik'):
        o.append('<g fill="none" stroke="#d9b36a" stroke-width="2.4" opacity=".75">')
        for y in range(325, 400, 25):
            for x in range(70+(y//25 % 2)*14, 340, 28):
                if abs(x-200) < 150-(400-y)*.75 and not (abs(x-200) < 40 and y < 350): o.append('<path d="M%d %dq7 -9 14 0q-7 9 -14 0z"/>' % (x-7, y))
        o.append('</g>')
    if not fem:
        o.append('<path d="M168 240L166 306Q200 340 234 306L232 240Z" fill="%s"/><path d="M167 262Q200 292 233 262L233 284Q200 306 167 284Z" fill="%s"/>' % (S1, S0))
        o.append('<path d="M166 298L200 338L176 358L146 306Z" fill="%s"/><path d="M234 298L200 338L224 358L254 306Z" fill="%s"/>' % (k(cl, 1.12), k(cl, .88)))
        o.append('<path d="M200 340V400" stroke="%s" stroke-width="2.5"/><circle cx="200" cy="364" r="3.4" fill="%s"/><circle cx="200" cy="388" r="3.4" fill="%s"/>' % (k(cl, .7), k(cl, .6), k(cl, .6)))
    elif f['cover'] == 'bun':
        o.append('<path d="M172 240L170 304L200 346L230 304L228 240Z" fill="%s"/><path d="M171 260Q200 292 229 260L229 282Q200 304 171 282Z" fill="%s"/>' % (S1, S0))
        o.append('<path d="M170 300L200 348L188 400H150L146 306Z" fill="%s"/><path d="M230 300L200 348L212 400H250L254 306Z" fill="%s"/>' % (k(cl, 1.1), k(cl, .86)))
        for y in (368, 388): o.append('<circle cx="200" cy="%d" r="4" fill="#d9b36a"/>' % y)
    if f['cover'] == 'kerudung':
        c = f['c']; out = 'M200 66C118 66 104 140 108 196C110 246 96 300 66 352C110 392 290 392 334 352C304 300 290 246 292 196C296 140 282 66 200 66Z'
        o.append('<path d="%s" fill="%s"/><path d="%s" fill="url(#sh)"/>' % (out, c, out))
    else:
        for s in (-1, 1):
            o.append('<ellipse cx="%d" cy="192" rx="11" ry="19" fill="%s"/><path d="M%d 184q%d 8 0 18" stroke="%s" stroke-width="2.4" fill="none"/>' % (200+s*(jw+4), S1 if s < 0 else S0, 200+s*(jw+5), s*6, dk))
            if fem: o.append('<circle cx="%d" cy="213" r="4" fill="#d9b36a"/>' % (200+s*(jw+6)))
        if f.get('hair'): o.append('<path d="M%d 196C%d 92 %d 92 %d 202L%d 158L%d 158Z" fill="%s"/>' % (200-jw-5, 200-jw-12, 200+jw+12, 200+jw+5, 200+jw-9, 200-jw+9, f['hair']))
    o.append('<path d="%s" fill="%s"/>' % (face, S1))
    o.append('<g clip-path="url(#f)"><rect x="120" y="90" width="160" height="200" fill="url(#sh)"/><ellipse cx="180" cy="150" rx="46" ry="26" fill="%s" opacity=".7" filter="url(#b)"/>' % S2)
    for x in (164, 236): o.append('<ellipse cx="%d" cy="214" rx="15" ry="10" fill="#c2553a" opacity=".26" filter="url(#s)"/>' % x)
    if f.get('beard'): o.append('<path d="M182 250Q200 244 218 250L214 276Q200 282 186 276Z" fill="%s" opacity=".85" filter="url(#s)"/>' % f['beard'])
    if f['cover'] in ('peci', 'caping'): o.append('<rect x="126" y="%d" width="140" height="24" fill="#3a200c" opacity=".34" filter="url(#s)"/>' % (146 if f['cover'] == 'peci' else 132))
    if f['cover'] == 'kerudung': o.append('<path d="%s" fill="none" stroke="#3a200c" stroke-opacity=".4" stroke-width="16" filter="url(#s)"/>' % face)
    o.append('</g>')
    hc = f.get('hair', '#3a2e26') if f['age'] > 1 and not fem else '#3a2b20'
    for s in (-1, 1):
        x = 200+s*27; sm = 3 if f['age'] else 2
        o.append('<path d="M%d 171Q%d %d %d 172" stroke="%s" stroke-width="%.1f" fill="none" stroke-linecap="round"/>' % (x-15, x+s*2, 162 if fem else 163, x+15, hc, 4 if fem else 6))
        o.append('<path d="M%d 190Q%d 180 %d 190Q%d 197 %d 190Z" fill="#f8efe0"/><circle cx="%d" cy="189" r="5.6" fill="#2c1d12"/><circle cx="%d" cy="187" r="1.7" fill="#fff"/>' % (x-13, x, x+13, x, x-13, x, x-2))
        o.append('<path d="M%d 191Q%d 178 %d 191" stroke="#2c1d12" stroke-width="%.1f" fill="none" stroke-linecap="round"/>' % (x-14, x, x+14, 3.4 if fem else 2.8))
        if f['age']: o.append('<path d="M%d 201q%d 5 %d 0" stroke="%s" stroke-width="1.8" fill="none" opacity=".5"/>' % (x-9, 9, 18, dk))
        if f['age'] > 1:
            o.append('<path d="M%d 186l%d -5M%d 192l%d 1" stroke="%s" stroke-width="1.6" opacity=".5"/>' % (x+s*17, s*8, x+s*18, s*8, dk))
        if f['age']: o.append('<path d="M%d 218q%d 10 %d 20" stroke="%s" stroke-width="2" fill="none" opacity=".42" stroke-linecap="round"/>' % (200+s*23, s*7, s*8, dk))
    o.append('<path d="M203 186Q207 206 212 214Q206 222 196 219" fill="none" stroke="%s" stroke-width="2.8" stroke-linecap="round" opacity=".75"/><path d="M189 216q-4 -1 -4 -5" stroke="%s" stroke-width="2.2" fill="none" opacity=".5"/><ellipse cx="197" cy="205" rx="5" ry="9" fill="%s" opacity=".6" filter="url(#s)"/>' % (dk, dk, S2))
    lip = '#9c4a3a' if fem else hexc(mix(sk, rgb('#8a3f30'), .55))
    o.append('<path d="M179 238Q190 235 200 237Q210 235 221 238Q200 256 179 238Z" fill="%s"/><path d="M177 237Q200 247 223 237" stroke="%s" stroke-width="2.4" fill="none" stroke-linecap="round"/>' % (lip, k(sk, .38)))
    if f.get('tash'): o.append('<path d="M174 234Q186 222 200 227Q214 222 226 234Q212 231 200 233Q188 231 174 234Z" fill="%s"/>' % f['tash'])
    if f.get('glass'): o.append('<g fill="#fff" fill-opacity=".14" stroke="#4a3a2a" stroke-width="3"><circle cx="172" cy="190" r="22"/><circle cx="228" cy="190" r="22"/><path d="M194 187q6 -4 12 0M150 186l-9 -4M250 186l9 -4" fill="none"/></g>')
    if f['cover'] == 'kerudung':
        c = f['c']; d1, d2, l1 = k(c, .8), k(c, .62), k(c, 1.14)
        o.append('<path fill-rule="evenodd" d="M200 80C122 80 118 150 122 196C126 250 150 290 200 298C250 290 274 250 278 196C282 150 278 80 200 80ZM200 118C258 118 262 160 257 196C254 236 232 262 200 266C168 262 146 236 143 196C138 160 142 118 200 118Z" fill="%s"/>' % c)
        o.append('<path d="M143 196C138 160 142 118 200 118C258 118 262 160 257 196" fill="none" stroke="%s" stroke-width="5" opacity=".8"/>' % l1)
        o.append('<path d="M143 196C146 236 168 262 200 266C232 262 254 236 257 196" fill="none" stroke="%s" stroke-width="3.5" opacity=".7"/>' % d1)
        for p, col, w in (('M128 220C140 282 178 318 262 342', d1, 4), ('M272 220C262 270 232 300 190 314C150 330 118 346 104 366', d2, 4), ('M118 150C122 108 160 84 196 84', l1, 5), ('M276 150C274 112 246 92 220 86', d1, 4),
                          ('M150 330C176 344 230 352 276 346', d1, 3), ('M112 250C108 290 98 318 84 344', d1, 4), ('M288 250C294 296 304 320 314 340', d2, 4)):
            o.append('<path d="%s" fill="none" stroke="%s" stroke-width="%d" stroke-linecap="round" opacity=".75"/>' % (p, col, w))
        if name == 'bu-halimah':
            for _ in range(42):
                x, y = r.uniform(84, 316), r.uniform(306, 372)
                if abs(x-200) < 70+(y-306)*.9: o.append('<circle cx="%.0f" cy="%.0f" r="2.6" fill="#a9482a" opacity=".6"/>' % (x, y))
        o.append('<circle cx="188" cy="300" r="4" fill="#d9b36a"/>')
    elif f['cover'] == 'peci':
        c = f['c']; o.append('<g transform="translate(200 16) scale(1.09 1.02) translate(-200 0)"><path d="M134 142C134 108 140 78 152 72C180 62 220 62 248 72C260 78 266 108 266 142C226 130 174 130 134 142Z" fill="%s"/><path d="M152 72C180 64 220 64 248 72C232 82 168 82 152 72Z" fill="%s"/><path d="M150 82C146 100 143 118 142 134" stroke="%s" stroke-width="5" fill="none" opacity=".7" stroke-linecap="round"/><path d="M248 72C260 78 266 108 266 142L240 136C246 110 246 90 240 78Z" fill="#000" opacity=".22"/></g>' % (c, k(c, 1.2), k(c, 1.25)))
    elif f['cover'] == 'caping':
        o.append('<path d="M62 148Q200 60 338 148Q200 176 62 148Z" fill="#8d6a34"/><path d="M62 146L192 44Q200 40 208 44L338 146Q200 172 62 146Z" fill="%s"/>' % f['c'])
        for i in range(-7, 8): o.append('<path d="M200 44Q%d 100 %d %d" stroke="#a87c36" stroke-width="2" fill="none" opacity=".7"/>' % (200+i*8, 200+i*18.4, 158-abs(i)*1.6))
        for t in (.35, .6, .82): o.append('<path d="M%d %dQ200 %d %d %d" stroke="#a87c36" stroke-width="2" fill="none" opacity=".7"/>' % (200-138*t, 42+104*t, 46+126*t, 200+138*t, 42+104*t))
        o.append('<path d="M204 42L338 146Q290 160 236 162Q230 90 204 42Z" fill="#4a2c12" opacity=".2"/><path d="M62 146Q200 172 338 146" stroke="#8d5f28" stroke-width="5" fill="none"/>')
        o.append('<path d="M140 150Q136 240 182 282M260 150Q264 240 218 282" stroke="#7b4e29" stroke-width="2.4" fill="none" opacity=".8"/>')
    elif f['cover'] == 'bun':
        o.append('<path d="M136 178C130 96 180 96 206 106C250 96 272 116 264 178C258 142 232 134 206 128C174 132 146 142 136 178Z" fill="%s"/>' % f['c'])
        for q in range(5): o.append('<path d="M%d 108Q%d 120 %d 160" stroke="#8d8578" stroke-width="1.8" fill="none" opacity=".55"/>' % (192-q*6, 160-q*5, 143-q))
    o.append('</svg>')
    return ''.join(o)

# ------------------------------------------------------------------ icon and preview card
def icon_svg():
    """Woven square: straw over green, drawn by hand so it stays small."""
    o = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><defs>'
         '<linearGradient id="h" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#b3863c"/><stop offset=".2" stop-color="#dcb86f"/><stop offset=".45" stop-color="#f0d998"/><stop offset=".8" stop-color="#dcb86f"/><stop offset="1" stop-color="#a97c34"/></linearGradient>'
         '<linearGradient id="v" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#2c4720"/><stop offset=".2" stop-color="#456a32"/><stop offset=".45" stop-color="#64894a"/><stop offset=".8" stop-color="#41652e"/><stop offset="1" stop-color="#263d1b"/></linearGradient></defs>'
         '<rect width="512" height="512" fill="#22371a"/>']
    n = 4; c = 512/n; g = 7
    for i in range(-1, n+1):
        for j in range(-1, n+1):
            x, y = i*c, j*c
            if (i+j) % 2 == 0:
                for q in (0, 1): o.append('<rect x="%.0f" y="%.0f" width="%.0f" height="%.0f" rx="9" fill="url(#h)"/>' % (x-9, y+g+q*(c/2-g/2), c+18, c/2-g*1.5))
            else:
                for q in (0, 1): o.append('<rect x="%.0f" y="%.0f" width="%.0f" height="%.0f" rx="9" fill="url(#v)"/>' % (x+g+q*(c/2-g/2), y-9, c/2-g*1.5, c+18))
    return ''.join(o)+'</svg>'

def card_svg():
    S = Scene('card'); S.view = 1
    for slug, dx, dy in (('tampah', 34, 32), ('keranjang-sampah-anyam', -6, 6), ('bakul-nasi', 30, -4), ('keranjang-parsel', 68, 6), ('topi-caping', 3, -30), ('besek-isi-10', 0, 0)):
        if slug == 'besek-isi-10':
            s = Scene(slug); s.view = 1; besek(s, 52, -28, 0, 14); besek(s, 53, -27, 7.95, 8)
        else:
            s = Scene(slug); s.view = 1; PROD[slug]['f'](s)
        for it in s.items:
            t = list(it); t[1] = [(p[0]+dx, p[1]+dy, p[2]) for p in it[1]]; S.items.append(tuple(t))
    svg = render(S, az=10, el=17, box=(560, 110, 1160, 575), W=1200, H=630, back=0)
    band = ['<g>']
    for y in (0, 606):
        for i in range(51):
            x = i*24
            if i % 2: band.append('<path d="M%d %dh24v9h-24zM%d %dh24v9h-24z" fill="#dcb86f"/>' % (x, y+2, x, y+13))
            else: band.append('<path d="M%d %dv24h9v-24zM%d %dv24h9v-24z" fill="%s"/>' % (x+2, y, x+13, y, '#3c5a2a' if i % 6 == 0 else '#c79a4c'))
    band.append('<text x="72" y="330" font-family="DejaVu Serif, serif" font-weight="700" font-size="60" fill="#2f4d22">Warong UEP</text><rect x="74" y="364" width="120" height="6" rx="3" fill="#c79a4c"/></g>')
    return svg.replace('</svg>', ''.join(band)+'</svg>')

def render_faces():
    os.makedirs(os.path.join(HERE, 'faces'), exist_ok=True)
    for n, im in zip(FACES, chromium_png([face_svg(n) for n in FACES], 400, 400, 'RGB')):
        im.save(os.path.join(HERE, 'faces', n+'.webp'), 'WEBP', quality=88, method=6)

def render_img():
    d = os.path.join(HERE, '..', 'img'); os.makedirs(d, exist_ok=True)
    from PIL import Image
    open(os.path.join(d, 'icon.svg'), 'w').write(icon_svg())
    im = chromium_png([icon_svg().replace('<svg ', '<svg width="512" height="512" ', 1)], 512, 512, 'RGB')[0]
    im.save(os.path.join(d, 'icon-512.png'), optimize=True); im.resize((192, 192), Image.LANCZOS).save(os.path.join(d, 'icon-192.png'), optimize=True)
    chromium_png([card_svg()], 1200, 630, 'RGB')[0].save(os.path.join(d, 'card.jpg'), quality=86, optimize=True, progressive=True)

# ------------------------------------------------------------------ output
def default_arrows(d, top=None):
    L, W, H = d; o = max(L, W, H)*.1
    x, y = L/2, W/2; z = H
    return [((-x, -y-o, 0), (x, -y-o, 0), (-x, -y*.2, 0), (x, -y*.2, 0), '%d cm' % L),
            ((x+o, -y, 0), (x+o, y, 0), (x*.2, -y, 0), (x*.2, y, 0), '%d cm' % W),
            ((-x-o*.8, -y, 0), (-x-o*.8, -y, z), (-x, -y, 0), (-x*.4, -y*.2, z), '%d cm' % H)]

def svg_for(slug, view):
    p = PROD[slug]; S = Scene(slug, 2 if view == 2 else 1); S.view = view
    p['f'](S)
    kw = dict(az=p.get('az', 28), el=p.get('el', 22), back=p.get('back', 0), horizon=p.get('horizon', .56))
    if 'box' in p: kw['box'] = p['box']
    if view == 2: kw.update(p['v2'])
    if view == 3:
        kw['back'] = p.get('back', 0)+2; kw['box'] = (140, 120, 1050, 1050)
        kw['az'] = p.get('az3', min(kw['az']+6, 36)); kw['el'] = p.get('el3', kw['el'])
        kw['arrows'] = p['arrows'](S) if 'arrows' in p else default_arrows(p['dim'])
    return render(S, **kw)

def chromium_png(svgs, W, H, out):
    """Render SVGs stacked in one page, cut them apart with Pillow."""
    from PIL import Image
    with tempfile.TemporaryDirectory() as d:
        for i, s in enumerate(svgs): open(os.path.join(d, '%d.svg' % i), 'w').write(s)
        open(os.path.join(d, 'p.html'), 'w').write('<style>*{margin:0;padding:0}img{display:block}</style>'
             + ''.join('<img src="%d.svg" width="%d" height="%d">' % (i, W, H) for i in range(len(svgs))))
        subprocess.run([os.environ.get('CHROMIUM', 'chromium'), '--headless=new', '--no-sandbox', '--disable-gpu',
            '--disable-dev-shm-usage', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', '--hide-scrollbars', '--allow-file-access-from-files',
            '--force-device-scale-factor=1', '--user-data-dir=' + os.path.join(d, 'ud'),
            '--window-size=%d,%d' % (W, H*len(svgs)), '--screenshot=' + os.path.join(d, 'o.png'),
            'file://' + os.path.join(d, 'p.html')], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=240)
        im = Image.open(os.path.join(d, 'o.png')).convert('RGBA' if out == 'RGBA' else 'RGB'); im.load()
    return [im.crop((0, i*H, W, (i+1)*H)) for i in range(len(svgs))]

def save_webp(im, path, budget):
    lo, hi = 20, 92
    for _ in range(6):
        q = (lo+hi+1)//2; im.save(path, 'WEBP', quality=q, method=4)
        if os.path.getsize(path) <= budget: lo = q
        else: hi = q-1
        if lo >= hi: break
    im.save(path, 'WEBP', quality=lo, method=6)

def views(slug): return (1, 2, 3) if PROD[slug]['dim'] else (1,)
BUDGET = {1: 49000, 2: 50000, 3: 39000}

def main(av):
    if av and av[0] == '--svg':
        os.makedirs(av[1], exist_ok=True)
        for s in av[2:] or PROD:
            for v in views(s): open(os.path.join(av[1], '%s-%d.svg' % (s, v)), 'w').write(svg_for(s, v))
        return
    if av and av[0] == '--sheet':
        from PIL import Image
        out = av[1]; av = av[2:]; vs = None; cell = 400
        while av and av[0].startswith('--'):
            if av[0] == '--view': vs = [int(x) for x in av[1].split(',')]
            if av[0] == '--cell': cell = int(av[1])
            av = av[2:]
        jobs = [(s, v) for s in (av or PROD) for v in views(s) if not vs or v in vs]
        n = len(jobs); cols = min(n, max(1, 2000//cell)); sheet = Image.new('RGB', (cols*cell, (n+cols-1)//cols*cell))
        for k in range(0, n, 4):
            for i, im in enumerate(chromium_png([svg_for(*j) for j in jobs[k:k+5]], 1200, 1200, 'RGB')):
                a = k+i; sheet.paste(im.resize((cell, cell), Image.LANCZOS), (a % cols*cell, a//cols*cell))
        sheet.save(out); return
    names = av or list(PROD)+['faces', 'img']
    if 'faces' in names: render_faces()
    if 'img' in names: render_img()
    jobs = [(s, v) for s in names if s in PROD for v in views(s)]
    vv = os.environ.get('VIEWS')
    if vv: jobs = [j for j in jobs if str(j[1]) in vv]
    os.makedirs(os.path.join(HERE, 'photos'), exist_ok=True)
    for k in range(0, len(jobs), 5):
        part = jobs[k:k+5]
        for (s, v), im in zip(part, chromium_png([svg_for(*j) for j in part], 1200, 1200, 'RGB')):
            save_webp(im, os.path.join(HERE, 'photos', '%s-%d.webp' % (s, v)), BUDGET[v])
            print(s, v, flush=True)

if __name__ == '__main__':
    main(sys.argv[1:])
