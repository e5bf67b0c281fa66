#!/usr/bin/env python3
"""One stopwatch for every OSC-speaking show controller.

Standard library only. A peer is described by one JSON file (see README.md); the
harness starts it, pokes it over loopback UDP and times what comes back with
time.perf_counter_ns().  Nothing here knows any peer by name.

    ./netns.sh python3 harness.py run PEER.json --modes start,latency,multi,fade,idle -o out.jsonl
    python3 harness.py report out.jsonl ...

Every measurement is one JSON line: {"peer","mode","n",...,"noise":{...}}.
Only 127.0.0.1 is ever addressed; every loop is bounded in count and time.
"""
import argparse, fcntl, json, os, pty, random, re, select, signal, socket, statistics, struct, subprocess, sys, termios, threading, time

HOST = "127.0.0.1"
NS = time.perf_counter_ns


# ---------------------------------------------------------------- OSC 1.0
def _pad(b):
    return b + b"\0" * (4 - len(b) % 4)


def osc(address, *args):
    tags, body = ",", b""
    for a in args:
        if isinstance(a, bool):
            tags += "T" if a else "F"
        elif isinstance(a, int):
            tags += "i"
            body += struct.pack(">i", a)
        elif isinstance(a, float):
            tags += "f"
            body += struct.pack(">f", a)
        else:
            tags += "s"
            body += _pad(str(a).encode())
    return _pad(address.encode()) + _pad(tags.encode()) + body


def _str(d, o):
    e = d.index(b"\0", o)
    return d[o:e].decode("utf-8", "replace"), (e + 4) & ~3


def unosc(d):
    """-> list of (address, [args]); bundles are flattened."""
    if d[:8] == b"#bundle\0":
        out, o = [], 16
        while o + 4 <= len(d):
            (n,) = struct.unpack_from(">i", d, o)
            out += unosc(d[o + 4:o + 4 + n])
            o += 4 + n
        return out
    a, o = _str(d, 0)
    args = []
    if o < len(d):
        t, o = _str(d, o)
        for c in t[1:]:
            if c == "i":
                args.append(struct.unpack_from(">i", d, o)[0]); o += 4
            elif c == "f":
                args.append(struct.unpack_from(">f", d, o)[0]); o += 4
            elif c == "d":
                args.append(struct.unpack_from(">d", d, o)[0]); o += 8
            elif c == "h":
                args.append(struct.unpack_from(">q", d, o)[0]); o += 8
            elif c in "sS":
                s, o = _str(d, o); args.append(s)
            elif c in "TF":
                args.append(c == "T")
            else:
                break
    return [(a, args)]


# ---------------------------------------------------------------- /proc
HZ = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    with open(f"/proc/{pid}/stat") as f:
        s = f.read()
    r = s[s.rindex(")") + 2:].split()
    return int(r[1]), int(r[11]) + int(r[12])  # ppid, utime+stime


def tree(root):
    kids = {}
    for p in os.listdir("/proc"):
        if p.isdigit():
            try:
                kids.setdefault(_stat(p)[0], []).append(int(p))
            except OSError:
                pass
    out, todo = [], [root]
    while todo:
        p = todo.pop()
        out.append(p)
        todo += kids.get(p, [])
    return out


def tree_cpu(root):
    t = 0
    for p in tree(root):
        try:
            t += _stat(p)[1]
        except OSError:
            pass
    return t / HZ


def tree_ns(root):
    """CPU time in ns, of every thread: finer than the clock ticks of tree_cpu."""
    t = 0
    for p in tree(root):
        try:
            for k in os.listdir(f"/proc/{p}/task"):
                with open(f"/proc/{p}/task/{k}/schedstat") as f:
                    t += int(f.read().split()[0])
        except OSError:
            pass
    return t


def tree_mem(root):
    each = []
    for p in tree(root):
        try:
            with open(f"/proc/{p}/smaps_rollup") as f:
                kb = {l.split(":")[0]: int(l.split()[1]) for l in f if l.startswith(("Rss:", "Pss:"))}
            with open(f"/proc/{p}/cmdline") as f:
                each.append({"cmd": f.read().replace("\0", " ").strip()[:160], "rss_mb": round(kb["Rss"] / 1024, 1), "pss_mb": round(kb["Pss"] / 1024, 1)})
        except (OSError, KeyError):
            pass
    return {"rss_mb": round(sum(e["rss_mb"] for e in each), 1), "pss_mb": round(sum(e["pss_mb"] for e in each), 1), "procs": len(each), "each": each}


def sysstat():
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:]]
    return {"busy": (sum(v[:3]) + sum(v[5:8])) / HZ, "steal": v[7] / HZ, "t": time.monotonic()}


class Noise:
    """CPU burnt on the machine by everybody who is neither us nor the peer."""

    def __init__(self, root):
        self.root, self.s, self.c = root, sysstat(), tree_cpu(root)
        self.me = time.process_time()

    def done(self):
        s = sysstat()
        dt = max(s["t"] - self.s["t"], 1e-9)
        peer = tree_cpu(self.root) - self.c
        me = time.process_time() - self.me
        other = max(0.0, s["busy"] - self.s["busy"] - peer - me)
        return {"secs": round(dt, 2), "other_cpu_pct": round(100 * other / dt, 1), "peer_cpu_pct": round(100 * peer / dt, 1),
                "steal_pct": round(100 * (s["steal"] - self.s["steal"]) / dt, 2), "load1": os.getloadavg()[0]}


def wait_quiet(limit_pct, patience):
    """Wait until the rest of the machine uses < limit_pct of one core for half a second (bounded)."""
    end = time.monotonic() + patience
    while True:
        a = sysstat(); time.sleep(0.5); b = sysstat()
        pct = 100 * (b["busy"] - a["busy"]) / (b["t"] - a["t"])
        if pct < limit_pct or time.monotonic() > end:
            return round(pct, 1)


# ---------------------------------------------------------------- statistics
def q(xs, p):
    xs = sorted(xs)
    if not xs:
        return None
    k = (len(xs) - 1) * p
    i = int(k)
    return xs[i] if i + 1 >= len(xs) else xs[i] + (xs[i + 1] - xs[i]) * (k - i)


def five(ns):
    if not ns:
        return None
    return {k: round(v / 1e6, 4) for k, v in
            dict(min=min(ns), median=q(ns, .5), p95=q(ns, .95), p99=q(ns, .99), max=max(ns), mean=sum(ns) / len(ns)).items()}


# ---------------------------------------------------------------- the peer
class Peer:
    def __init__(self, spec, n, log):
        self.spec, self.n = spec, n
        self.dir = spec["_dir"]
        self.vars = {"n": n, "in": spec["in_port"], "out": spec["out_port"], "dir": self.dir, "py": sys.executable}
        self.rx = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rx.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.rx.bind((HOST, spec["out_port"]))
        self.tx = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.tx.connect((HOST, spec["in_port"]))
        self.proc, self.log, self.expect = None, log, None

    def sub(self, s, **kw):
        v = {**self.vars, **kw}
        return re.sub(r"\{(\w+)\}", lambda m: str(v.get(m[1], m[0])), s)

    def setup(self):
        if self.spec.get("setup"):
            subprocess.run(self.sub(self.spec["setup"]), shell=True, cwd=self.dir, check=True,
                           stdout=self.log, stderr=self.log, timeout=600)

    def start(self):
        env = {"PATH": os.environ["PATH"], "HOME": self.dir + "/home", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": ""}
        os.makedirs(env["HOME"], exist_ok=True)
        env.update({k: self.sub(v) for k, v in self.spec.get("env", {}).items()})
        cmd = [self.sub(c) for c in self.spec["cmd"]]
        self.t_start = NS()
        self.proc = subprocess.Popen(cmd, cwd=self.sub(self.spec.get("cwd", "{dir}")), env=env, stdin=subprocess.DEVNULL,
                                     stdout=self.log, stderr=self.log, start_new_session=True)

    def stop(self):
        """Ends exactly the process tree that start() made, by pid."""
        if self.proc and self.proc.poll() is None:
            pids = tree(self.proc.pid)
            self.proc.send_signal(signal.SIGTERM)
            try:
                self.proc.wait(4)
            except subprocess.TimeoutExpired:
                pass
            for p in pids:
                try:
                    os.kill(p, signal.SIGKILL)
                except OSError:
                    pass
            self.proc.wait(5)
        self.rx.close(); self.tx.close()

    # -- messages
    def _val(self, a, i):
        if isinstance(a, str):
            if a == "{i}":
                return i
            if a == "{i1}":
                return i + 1
            return self.sub(a, i=i, i1=i + 1)
        return a

    def packet(self, msg, i=0):
        kw = dict(i=i, i1=i + 1, page=i // 32 + 1, row=i % 32 // 8, col=i % 8, multi_page=self.n // 32 + 2)
        return osc(self.sub(msg["address"], **kw), *[self._val(a, i) for a in msg.get("args", [])])

    def send(self, msg, i=0):
        try:
            self.tx.send(self.packet(msg, i))
        except ConnectionRefusedError:
            pass

    def drain(self, quiet=0.0, limit=5.0):
        """Empty the receive socket; with quiet>0 wait until nothing came for that long."""
        end, n = time.monotonic() + limit, 0
        while time.monotonic() < end:
            self.rx.settimeout(quiet) if quiet else self.rx.setblocking(False)
            try:
                self.rx.recv(65536); n += 1
            except (BlockingIOError, TimeoutError, socket.timeout):
                return n
        return n

    def match(self, d):
        e = self.expect or self.spec.get("expect")
        if not e:
            return True
        try:
            return any(re.match(e, a) for a, _ in unosc(d))
        except Exception:
            return False


# ---------------------------------------------------------------- modes
def m_start(p, a):
    """Popen -> first answered trigger of the LAST cue of the show (probe every 10 ms)."""
    t = p.spec.get("start_trigger", p.spec["trigger"])
    end = p.t_start + int(p.spec.get("start_limit_s", 120) * 1e9)
    p.rx.settimeout(0.010)
    k = 0
    while NS() < end:
        if p.proc.poll() is not None:
            return {"error": f"exited {p.proc.returncode}"}
        if p.spec.get("release") and k % 8 == 4:
            p.send(p.spec["release"])
        if not p.spec.get("release") or k % 8 == 0:
            p.send(t, p.n - 1)
        k += 1
        until = NS() + 10_000_000
        while NS() < until:
            try:
                d = p.rx.recv(65536)
            except (TimeoutError, socket.timeout):
                break
            except BlockingIOError:
                break
            if p.match(d):
                dt = NS() - p.t_start
                return {"start_s": round(dt / 1e9, 4), "probes": k}
    return {"error": "no answer"}


def reset(p):
    r = p.spec.get("reset")
    if r:
        p.send(r)
        time.sleep(p.spec.get("reset_wait_s", 0.15))
        p.drain(0.02)


def shots(p, a, trigger, packets, count, gap_lo, gap_hi, walk):
    """-> first[], last[] in ns, lost, short, extra"""
    rnd = random.Random(7)
    first, last, lost, short, extra = [], [], 0, 0, 0
    reset(p)
    every = p.spec.get("reset_every_n") and max(1, p.n - 2)
    for i in range(count):
        if every and i and i % every == 0:
            reset(p)
        k = i * 7919 % p.n if walk else 0      # every part of the show, not just its head
        buf = p.packet(trigger, k)
        extra += p.drain()
        gap = int(rnd.uniform(gap_lo, gap_hi) * 1e9)
        t0 = NS()
        p.tx.send(buf)
        got, tf, tl = 0, 0, 0
        limit = t0 + 1_000_000_000
        while got < packets:
            left = limit - NS()
            if left <= 0:
                break
            p.rx.settimeout(left / 1e9)
            try:
                d = p.rx.recv(65536)
            except (TimeoutError, socket.timeout):
                break
            t = NS()
            if not p.match(d):
                continue
            got += 1
            tl = t
            if got == 1:
                tf = t
        if p.spec.get("release"):
            p.send(p.spec["release"], k)
        if got == 0:
            lost += 1
        else:
            first.append(tf - t0); last.append(tl - t0)
            if got < packets:
                short += 1
        left = t0 + gap - NS()
        if left > 0:
            time.sleep(left / 1e9)
    return first, last, lost, short, extra


def m_latency(p, a, key="trigger", packets=1):
    t = p.spec[key]
    a.gap = p.spec.get("gap") or a.gap
    shots(p, a, t, packets, min(20, a.count), a.gap[0], a.gap[1], True)  # warm-up, not counted
    p.drain(0.05)
    nz = Noise(p.proc.pid)
    f, l, lost, short, extra = shots(p, a, t, packets, a.count, a.gap[0], a.gap[1], True)
    r = {"count": a.count, "first_ms": five(f), "lost": lost, "short": short, "extra": extra, "noise": nz.done()}
    if packets > 1:
        r["last_ms"] = five(l); r["packets"] = packets
    if a.raw:
        r["raw_ns"] = f
    return r


def m_multi(p, a):
    if "multi" not in p.spec:
        return None
    return m_latency(p, argparse.Namespace(**{**vars(a), "count": min(a.count, 100)}), "multi", p.spec.get("multi_packets", 16))


def m_burst(p, a):
    """100 triggers back to back: time to the last answer, how many came."""
    reset(p)
    p.drain(0.05)
    n = min(100, p.n - 2 if p.spec.get("reset_every_n") else 100)
    bufs = [p.packet(p.spec["trigger"], i % p.n) for i in range(n)]
    nz = Noise(p.proc.pid)
    t0 = NS()
    for b in bufs:
        p.tx.send(b)
    got, tl = 0, t0
    while got < n:
        p.rx.settimeout(1.0)
        try:
            d = p.rx.recv(65536)
        except (TimeoutError, socket.timeout):
            break
        if p.match(d):
            got += 1
            tl = NS()
    p.drain(0.2)
    return {"sent": n, "got": got, "all_ms": round((tl - t0) / 1e6, 3), "noise": nz.done()}


def m_fade(p, a):
    if "fade" not in p.spec:
        return None
    f = p.spec["fade"]
    ideal, final, idx, exp = f.get("seconds", 2.0), f["final"], f.get("arg", 0), f.get("expect", p.spec.get("expect", "."))
    runs = []
    nz = Noise(p.proc.pid)
    for k in range(a.fades):
        for m in f.get("before", []):
            p.send(m)
            if p.spec.get("release"):
                time.sleep(0.06); p.send(p.spec["release"])
            time.sleep(f.get("before_wait_s", 0.3))
        p.drain(0.2)
        buf = p.packet(f["trigger"])
        ts, vs = [], []
        t0 = NS()
        p.tx.send(buf)
        end = t0 + int((ideal + 2.0) * 1e9)
        while NS() < end:
            p.rx.settimeout(max(0.001, min(0.6, (end - NS()) / 1e9)))
            try:
                d = p.rx.recv(65536)
            except (TimeoutError, socket.timeout):
                if ts:
                    break
                continue
            t = NS()
            for ad, args in unosc(d):
                if re.match(exp, ad) and len(args) > idx:
                    ts.append(t); vs.append(args[idx])
        for m in f.get("after", []):
            p.send(m); time.sleep(f.get("before_wait_s", 0.3))
        iv = [(y - x) for x, y in zip(ts, ts[1:])]
        if len(iv) < 5:
            runs.append({"packets": len(ts), "error": "too few"}); continue
        med = q(iv, .5)
        up = vs[-1] >= vs[0]
        # how far is the value on the wire from the ideal line at its own arrival time?
        v0, v1 = f.get("from", vs[0]), final
        err = [abs(v - (v0 + (v1 - v0) * min(1.0, (t - ts[0]) / 1e9 / ideal))) / abs(v1 - v0) for t, v in zip(ts, vs)]
        runs.append({"packets": len(ts), "first_ms": round((ts[0] - t0) / 1e6, 3), "span_s": round((ts[-1] - ts[0]) / 1e9, 4),
                     "end_err_ms": round((ts[-1] - t0) / 1e6 - ideal * 1e3, 2),
                     "iv_median_ms": round(med / 1e6, 3), "iv_p99_ms": round(q(iv, .99) / 1e6, 3), "iv_max_ms": round(max(iv) / 1e6, 3),
                     "iv_min_ms": round(min(iv) / 1e6, 3),
                     "jitter_p99_ms": round(q([abs(x - med) for x in iv], .99) / 1e6, 3),
                     "iv_stdev_ms": round(statistics.pstdev(iv) / 1e6, 3),
                     "final": vs[-1], "final_exact": struct.pack(">f", float(vs[-1])) == struct.pack(">f", float(final)),
                     "monotone": all((y >= x) if up else (y <= x) for x, y in zip(vs, vs[1:])),
                     "distinct": len(set(vs)), "line_err_max_pct": round(100 * max(err), 3)})
    return {"ideal_s": ideal, "want_final": final, "fades": runs, "noise": nz.done()}


def m_fade16(p, a):
    """many fades at once (16): the same interval statistics, per channel, pooled"""
    f = p.spec.get("fade16")
    if not f:
        return None
    ideal, final, runs = f.get("seconds", 2.0), f["final"], []
    nz = Noise(p.proc.pid)
    for k in range(a.fades):
        p.drain(0.2)
        chans, t0 = {}, NS()
        p.send(f["trigger"])
        end, tl = t0 + int((ideal + 2.5) * 1e9), 0
        while NS() < end:
            p.rx.settimeout(max(0.001, min(0.6, (end - NS()) / 1e9)))
            try:
                d = p.rx.recv(65536)
            except (TimeoutError, socket.timeout):
                if chans:
                    break
                continue
            t = NS()
            for ad, args in unosc(d):
                if re.match(f["expect"], ad) and args:
                    chans.setdefault(ad, []).append((t, args[0]))
        for m in f.get("after", []):
            p.send(m); time.sleep(0.5)
        iv = [y[0] - x[0] for c in chans.values() for x, y in zip(c, c[1:])]
        if len(iv) < 20:
            runs.append({"channels": len(chans), "error": "too few"}); continue
        med = q(iv, .5)
        ends = [(c[-1][0] - t0) / 1e6 - ideal * 1e3 for c in chans.values()]
        runs.append({"channels": len(chans), "packets": sum(map(len, chans.values())), "first_ms": round(min(c[0][0] - t0 for c in chans.values()) / 1e6, 3),
                     "iv_median_ms": round(med / 1e6, 3), "iv_p99_ms": round(q(iv, .99) / 1e6, 3), "iv_max_ms": round(max(iv) / 1e6, 3),
                     "jitter_p99_ms": round(q([abs(x - med) for x in iv], .99) / 1e6, 3), "end_err_min_ms": round(min(ends), 2), "end_err_max_ms": round(max(ends), 2),
                     "final_exact": sum(struct.pack(">f", float(c[-1][1])) == struct.pack(">f", float(final)) for c in chans.values())})
    return {"fades": runs, "noise": nz.done()}


def m_loaded(p, a):
    """trigger -> first packet while 16 long fades are running"""
    f = p.spec.get("loaded")
    if not f:
        return None
    p.send(f["trigger"])
    time.sleep(0.5)
    p.expect = f.get("expect")
    try:
        r = m_latency(p, a)
    finally:
        p.expect = None
    p.drain(0.5, f.get("drain_s", 8))
    for m in f.get("after", []):
        p.send(m); time.sleep(0.5)
    return r


def m_idle(p, a):
    p.drain(0.1)
    time.sleep(a.settle)
    return {"idle_cpu_pct": idle_cpu(p.proc.pid, a.idle), "secs": a.idle, "idle_packets": p.drain(), **tree_mem(p.proc.pid)}


def idle_cpu(root, seconds):
    c0, t0 = tree_ns(root), time.monotonic_ns()
    time.sleep(seconds)
    return round(100 * (tree_ns(root) - c0) / (time.monotonic_ns() - t0), 3)


def m_jump(p, a):
    """from one end of the show to the other: trigger -> last packet; the very first jump apart"""
    j = p.spec.get("jump")
    if not j:
        return None
    first, last, lost, once = [], [], 0, None
    nz = Noise(p.proc.pid)
    for k in range(j.get("count", 30)):
        p.send(j["back"]); p.drain(0.15)
        buf = p.packet(j["trigger"])
        t0 = NS()
        p.tx.send(buf)
        got, tf, tl, limit = 0, 0, 0, t0 + 1_000_000_000
        while got < j["packets"] and NS() < limit:
            p.rx.settimeout(max(0.001, (limit - NS()) / 1e9))
            try:
                d = p.rx.recv(65536)
            except (TimeoutError, socket.timeout):
                break
            got, tl = got + 1, NS()
            tf = tf or tl
        if got < j["packets"]:
            lost += 1
        elif once is None:
            once = round((tl - t0) / 1e6, 3)
        else:
            first.append(tf - t0); last.append(tl - t0)
    return {"count": len(last), "packets": j["packets"], "once_ms": once, "first_ms": five(first), "last_ms": five(last), "lost": lost, "noise": nz.done()}


class Terminal:
    """A command in a terminal of its own, its screen thrown away; who starts a Peer may press its keys."""

    def __init__(self, p, spec):
        self.hand, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", spec.get("lines", 33), spec.get("columns", 117), 0, 0))
        env = {"PATH": os.environ["PATH"], "HOME": p.dir + "/home", "LANG": "C.UTF-8", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        env.update({k: p.sub(v) for k, v in p.spec.get("env", {}).items()})
        self.proc = subprocess.Popen([p.sub(c) for c in spec["cmd"]], cwd=p.dir, env=env, stdin=child, stdout=child, stderr=child, start_new_session=True)
        os.close(child)
        self.bytes, self.at = 0, NS()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        while self.proc.poll() is None:
            if select.select([self.hand], [], [], 0.2)[0]:
                try:
                    self.bytes += len(os.read(self.hand, 65536))
                except OSError:
                    return
                self.at = NS()

    def wait(self, drawn=4000, still=1.0, limit=20.0):
        """until it has drawn a screen and then nothing big for a while"""
        end = time.monotonic() + limit
        while time.monotonic() < end and self.proc.poll() is None:
            if self.bytes > drawn:
                time.sleep(still)
                return True
            time.sleep(0.05)
        return False

    def press(self, key):
        os.write(self.hand, key.encode())

    def stop(self):
        pids = tree(self.proc.pid) if self.proc.poll() is None else []
        for p in pids:
            try:
                os.kill(p, signal.SIGKILL)
            except OSError:
                pass
        self.proc.wait(5); self.reader.join(2); os.close(self.hand)


def m_panel(p, a):
    """a real panel in a terminal: its memory, its CPU when nothing happens, key press -> first packet"""
    s = p.spec.get("panel")
    if not s:
        return None
    t = Terminal(p, s)
    try:
        if not t.wait():
            return {"error": "no panel"}
        reset(p)
        time.sleep(a.settle)
        mem, bytes0 = tree_mem(t.proc.pid), t.bytes
        cpu = idle_cpu(t.proc.pid, a.idle)
        drawn = t.bytes - bytes0
        rnd, times, lost = random.Random(7), [], 0
        nz = Noise(p.proc.pid)
        for k in range(10 + min(a.count, 100)):
            p.drain()
            t0 = NS()
            t.press(s["press"])
            p.rx.settimeout(1.0)
            try:
                while not p.match(p.rx.recv(65536)):
                    pass
                times.append(NS() - t0)
            except (TimeoutError, socket.timeout):
                lost += 1
            time.sleep(rnd.uniform(*s.get("gap", [0.16, 0.26])))
        noise = nz.done()
        after = tree_mem(t.proc.pid)
        return {"count": len(times) - 10, "key_ms": five(times[10:]), "lost": lost, "panel_idle_cpu_pct": cpu, "drawn_idle_bytes": drawn,
                "panel_rss_mb": mem["rss_mb"], "panel_pss_mb": mem["pss_mb"], "panel_pss_after_mb": after["pss_mb"], "noise": noise}
    finally:
        t.stop()


def pids_of(root, word):
    """the processes below root whose command line has this word"""
    found = []
    for pid in tree(root):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                if word.encode() in f.read():
                    found.append(pid)
        except OSError:
            pass
    return found


def cpu_of(groups, seconds):
    """CPU in % of a core over some seconds, for each group of processes by itself"""
    def now():
        return [sum(tree_ns(pid) for pid in pids) for pids in groups]
    before, t0 = now(), time.monotonic_ns()
    time.sleep(seconds)
    after, t1 = now(), time.monotonic_ns()
    return [round(100 * (b - c) / (t1 - t0), 3) for b, c in zip(after, before)]


def m_meters(p, a):
    """a panel at rest, then showing level meters: its CPU and the desk's, and a GO's latency, in both"""
    s = p.spec.get("panel")
    if not s or "meters" not in s:
        return None
    desk, res = pids_of(p.proc.pid, s["desk"]), {}
    for columns, lines in s["screens"]:
        t = Terminal(p, {**s, "columns": columns, "lines": lines})
        try:
            if not t.wait():
                return {"error": "no panel"}
            for what in ("rest", "meters"):
                for key in s["meters"] if what == "meters" else ():
                    t.press(key)
                    time.sleep(0.5)
                time.sleep(a.settle + 1.5)
                drawn = t.bytes
                panel, desks = cpu_of([[t.proc.pid], desk], a.idle)
                row = {"panel_cpu_pct": panel, "desk_cpu_pct": desks, "drawn_bytes_s": round((t.bytes - drawn) / a.idle)}
                nz = Noise(p.proc.pid)
                first, _, lost, _, _ = shots(p, a, p.spec["trigger"], 1, a.count, a.gap[0], a.gap[1], False)
                res[f"{what}_{columns}"] = {**row, "first_ms": five(first), "lost": lost, "noise": nz.done()}
            if res[f"meters_{columns}"]["drawn_bytes_s"] < 3 * res[f"rest_{columns}"]["drawn_bytes_s"]:
                return {"error": "nothing moves: there are no meters on this screen"}
        finally:
            t.stop()
    return res


def m_settled(p, a):
    """latency again after 15 s of rest (start-up work such as pre-rendering is over)"""
    time.sleep(15)
    return m_latency(p, a)


MODES = {"fade16": m_fade16, "loaded": m_loaded, "settled": m_settled, "latency": m_latency, "multi": m_multi, "burst": m_burst, "fade": m_fade, "idle": m_idle, "jump": m_jump, "panel": m_panel, "meters": m_meters}


def run(a):
    spec = json.load(open(a.peer))
    spec["_dir"] = os.path.dirname(os.path.abspath(a.peer))
    sizes = [int(x) for x in a.sizes.split(",")] if a.sizes else spec.get("sizes", [1])[:1]
    for n in sizes:
        os.makedirs(spec["_dir"] + "/logs", exist_ok=True)
        log = open(f"{spec['_dir']}/logs/{spec['name']}-{n}.log", "ab")
        p = Peer(spec, n, log)
        base = {"peer": spec["name"], "version": spec.get("version"), "n": n, "when": time.strftime("%H:%M:%S"), "rep": a.rep}

        def out(mode, r):
            if r is None:
                return
            line = {**base, "mode": mode, **r}
            s = json.dumps(line)
            with open(a.out, "a") as f:
                f.write(s + "\n")
            print(s[:400] if not a.quiet else f"{spec['name']} n={n} {mode} ok", flush=True)

        try:
            p.setup()
            quiet = wait_quiet(a.quiet_pct, a.patience)
            nz = Noise(os.getpid())
            p.start()
            r = m_start(p, a)
            r["noise"] = nz.done(); r["quiet_before_pct"] = quiet
            if "error" not in r:
                time.sleep(p.spec.get("after_start_s", a.after_start))
                p.drain(0.3, 20)
                r.update(tree_mem(p.proc.pid))
            out("start", r)
            if "error" in r:
                continue
            for m in a.modes.split(","):
                if m == "start" or m not in MODES or m in spec.get("skip", []):
                    continue
                wait_quiet(a.quiet_pct + a.peer_allow, a.patience)
                try:
                    res = MODES[m](p, a)
                    if res is not None and a.retry_noise and res.get("noise", {}).get("other_cpu_pct", 0) > a.retry_noise:
                        res["discarded"] = True
                        out(m, res)
                        wait_quiet(a.quiet_pct + a.peer_allow, a.patience)
                        res = MODES[m](p, a)
                    out(m, res)
                except Exception as e:
                    out(m, {"error": repr(e)})
        finally:
            p.stop()


# ---------------------------------------------------------------- report
def report(a):
    rows = []
    for fn in a.files:
        rows += [json.loads(l) for l in open(fn)]
    rows = [r for r in rows if not r.get("discarded") and "error" not in r]
    key = {}
    for r in rows:
        key.setdefault((r["peer"], r["n"], r["mode"]), []).append(r)

    def med(xs):
        return statistics.median(xs) if xs else float("nan")

    def spread(xs):
        return f"{med(xs):.3f} [{min(xs):.3f}–{max(xs):.3f}]"

    print("| peer | n | runs | min | median [run spread] | p95 | p99 [run spread] | max | lost | other CPU % |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for mode in ("latency", "settled", "loaded"):
        for (pe, n, m), rs in sorted(key.items()):
            if m != mode:
                continue
            f = [r["first_ms"] for r in rs if r["first_ms"]]
            if not f:
                continue
            print(f"| {pe}{'' if m == 'latency' else ' (' + m + ')'} | {n} | {len(rs)} | {min(x['min'] for x in f):.3f} | {spread([x['median'] for x in f])} | {med([x['p95'] for x in f]):.3f} | "
                  f"{spread([x['p99'] for x in f])} | {max(x['max'] for x in f):.3f} | {sum(r['lost'] for r in rs)} | {max(r['noise']['other_cpu_pct'] for r in rs)} |")
    print("\n| peer | n | multi first median | last median | last p99 | short+lost |\n|---|---|---|---|---|---|")
    for (pe, n, m), rs in sorted(key.items()):
        if m == "multi":
            rs = [r for r in rs if r.get("first_ms")]
            if rs:
                print(f"| {pe} | {n} | {med([r['first_ms']['median'] for r in rs]):.3f} | {spread([r['last_ms']['median'] for r in rs])} | {med([r['last_ms']['p99'] for r in rs]):.3f} | {sum(r['short'] + r['lost'] for r in rs)} |")
    print("\n| peer | n | burst got/sent | all ms |\n|---|---|---|---|")
    for (pe, n, m), rs in sorted(key.items()):
        if m == "burst":
            print(f"| {pe} | {n} | {[str(r['got']) + '/' + str(r['sent']) for r in rs]} | {spread([r['all_ms'] for r in rs])} |")
    print("\n| peer | n | fades | packets | iv median | iv p99 | jitter p99 | max gap | end err ms | final exact | line err max % |\n|---|---|---|---|---|---|---|---|---|---|---|")
    for (pe, n, m), rs in sorted(key.items()):
        if m == "fade":
            fs = [f for r in rs for f in r["fades"] if "error" not in f]
            if fs:
                c = lambda k: [f[k] for f in fs]
                print(f"| {pe} | {n} | {len(fs)} | {min(c('packets'))}–{max(c('packets'))} | {med(c('iv_median_ms')):.3f} | {med(c('iv_p99_ms')):.3f} | {med(c('jitter_p99_ms')):.3f} | {max(c('iv_max_ms')):.2f} | "
                      f"{med(c('end_err_ms')):.1f} [{min(c('end_err_ms')):.1f}–{max(c('end_err_ms')):.1f}] | {sum(c('final_exact'))}/{len(fs)} | {med(c('line_err_max_pct')):.2f} |")
    print("\n| peer | n | 16 fades: runs | channels | packets | iv median | iv p99 | jitter p99 | max gap | end err ms | final exact |\n|---|---|---|---|---|---|---|---|---|---|---|")
    for (pe, n, m), rs in sorted(key.items()):
        if m == "fade16":
            fs = [f for r in rs for f in r["fades"] if "error" not in f]
            if fs:
                c = lambda k: [f[k] for f in fs]
                print(f"| {pe} | {n} | {len(fs)} | {min(c('channels'))} | {min(c('packets'))}–{max(c('packets'))} | {med(c('iv_median_ms')):.3f} | {med(c('iv_p99_ms')):.3f} | {med(c('jitter_p99_ms')):.3f} | {max(c('iv_max_ms')):.2f} | [{min(c('end_err_min_ms')):.1f}–{max(c('end_err_max_ms')):.1f}] | {min(c('final_exact'))}/16 |")
    print("\n| peer | n | start s | RSS MB | PSS MB | procs | idle CPU % |\n|---|---|---|---|---|---|---|")
    for (pe, n, m), rs in sorted(key.items()):
        if m == "start":
            idle = key.get((pe, n, "idle"), [])
            print(f"| {pe} | {n} | {spread([r['start_s'] for r in rs])} | {med([r['rss_mb'] for r in rs]):.1f} | {med([r['pss_mb'] for r in rs]):.1f} | {rs[0]['procs']} | {med([r['idle_cpu_pct'] for r in idle]):.2f} |")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sp = ap.add_subparsers(dest="cmd", required=True)
    r = sp.add_parser("run")
    r.add_argument("peer")
    r.add_argument("-o", "--out", default="results.jsonl")
    r.add_argument("--modes", default="latency,multi,burst,fade,idle")
    r.add_argument("--sizes", default="")
    r.add_argument("--count", type=int, default=300)
    r.add_argument("--gap", type=lambda s: [float(x) for x in s.split("-")], default=[0.025, 0.045])
    r.add_argument("--fades", type=int, default=2)
    r.add_argument("--idle", type=float, default=8.0)
    r.add_argument("--settle", type=float, default=2.0)
    r.add_argument("--after-start", type=float, default=1.0)
    r.add_argument("--quiet-pct", type=float, default=15.0, help="wait until the rest of the machine uses less than this of one core")
    r.add_argument("--peer-allow", type=float, default=25.0, help="added to --quiet-pct while the peer itself idles")
    r.add_argument("--patience", type=float, default=40.0)
    r.add_argument("--retry-noise", type=float, default=25.0, help="redo once when others burnt more than this %% of a core during the run")
    r.add_argument("--rep", type=int, default=0)
    r.add_argument("--raw", action="store_true")
    r.add_argument("--quiet", action="store_true")
    t = sp.add_parser("report")
    t.add_argument("files", nargs="+")
    a = ap.parse_args()
    run(a) if a.cmd == "run" else report(a)


if __name__ == "__main__":
    main()
