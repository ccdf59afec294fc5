"""Guests who order, eight at a time: a basket, then the order with a name and a phone, fetched and paid at the outlet.

    orders.py BASE SECONDS ITEM...

Prints orders a second, the 95th percentile of placing one, and how many were refused.
"""
import http.client, sys, threading, time, urllib.parse

base, seconds, items = urllib.parse.urlparse(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
times, refused, failed = [], 0, 0
lock = threading.Lock()


def post(line, path, fields, cookie=None):
    headers = dict(FORM, Cookie=cookie) if cookie else FORM
    line.request("POST", path, urllib.parse.urlencode(fields), headers)
    answer = line.getresponse()
    answer.read()
    return answer


def guest(number, until):
    global refused, failed
    line = http.client.HTTPConnection(base.hostname, base.port)
    n = 0
    while time.monotonic() < until:
        n += 1
        begun = time.monotonic()
        added = post(line, "/keranjang", {"item_id": items[(n + number) % len(items)], "jumlah": 1})
        cookies = [value.split(";")[0] for name, value in added.getheaders() if name.lower() == "set-cookie"]
        cart = next((cookie for cookie in cookies if cookie.startswith("warong_cart=")), None)
        phone = f"0813{number:02}{n:06}"
        wish = {"nama": "Ibu Ratna", "hp": phone, "cara": "ambil", "bayar": "pay_at_pickup", "tombol": "pesan"}
        placed = post(line, "/pesan", dict(wish, request_key=f"key-{phone}"), cart)
        with lock:
            times.append(time.monotonic() - begun) if placed.status == 303 else None
            refused += placed.status in (409, 422)
            failed += placed.status not in (303, 409, 422)


until = time.monotonic() + seconds
guests = [threading.Thread(target=guest, args=(n, until)) for n in range(8)]
[g.start() for g in guests]
[g.join() for g in guests]
times.sort()
p95 = times[int(len(times) * 0.95)] * 1000 if times else 0
print(f"{len(times) / seconds:.0f} orders/s, p95 {p95:.0f} ms, {refused} refused, {failed} failed")
