/* SPDX-License-Identifier: MIT
 *
 * What the page of chromium-client.py asks h3d demo for: each function is a check, and says what it
 * has found. A promise that is never kept is a check that hangs: its caller has the watchdog. */

const fetchJSON = async (path, options) => (await fetch(path, options)).json();

const sumOf = async data =>
    Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', data)))
        .map(byte => byte.toString(16).padStart(2, '0')).join('');

const random = length => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 65536)
        crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65536, length)));
    return bytes;
};

const next = (target, name) =>
    new Promise(kept => target.addEventListener(name, kept, {once: true}));

const connect = async (path, protocols) => {
    const socket = new WebSocket(`ws://${location.host}${path}`, protocols);
    socket.binaryType = 'arraybuffer';
    await new Promise((kept, broken) => { socket.onopen = kept; socket.onerror = broken; });
    return socket;
};

const ask = async (socket, message) => {
    const answer = next(socket, 'message');
    socket.send(message);
    return (await answer).data;
};

const close = async socket => {
    const closed = next(socket, 'close');
    socket.close(1000, 'enough');
    const {code, reason, wasClean} = await closed;
    return {code, reason, wasClean};
};

const checks = {
    async get() {
        const answer = await fetchJSON('/get?a=1&b=%C3%BC');
        return {args: answer.args, host: answer.headers.Host};
    },

    async bytes() {
        const read = async () => (await fetch('/bytes/70000?seed=7')).arrayBuffer();
        const [first, second] = await Promise.all([read(), read()]);
        return {length: first.byteLength, same: await sumOf(first) === await sumOf(second)};
    },

    /* The length of what came, by what the browser says: less than that of the page. */
    async coded(path) {
        const answer = await fetch(path, {cache: 'no-store'});
        const text = await answer.text();
        return {coding: answer.headers.get('content-encoding'), vary: answer.headers.get('vary'),
                length: text.length, text};
    },

    async echo() {
        const body = random(3 << 20);
        const answer = await fetch('/echo', {method: 'POST', body});
        return await sumOf(await answer.arrayBuffer()) === await sumOf(body);
    },

    /* The stream ends behind the fifth; asked for more, the server says that there is none. */
    async count() {
        const source = new EventSource('/sse?count=5&interval=1');
        const heard = [];
        source.addEventListener('count',
                                event => heard.push([event.lastEventId, JSON.parse(event.data).n]));
        await new Promise(kept => {
            source.onerror = () => { if (source.readyState === EventSource.CLOSED) kept(); };
        });
        return heard;
    },

    async channel(said) {
        const source = new EventSource('/sse/channel');
        await next(source, 'open');
        const news = next(source, 'news');
        const told = await fetchJSON('/sse/channel?event=news&id=n1', {method: 'POST', body: said});
        const {data, lastEventId} = await news;
        source.close();
        return {data, lastEventId, published: told.published};
    },

    async socket() {
        const socket = await connect('/websocket/echo', ['other', 'echo.h3']);
        const large = random(1 << 20), even = new Uint8Array(1 << 20);
        const text = 'é€😀'.repeat(10000);
        const found = {
            extensions: socket.extensions.split(';')[0],
            protocol: socket.protocol,
            empty: await ask(socket, ''),
            text: await ask(socket, text) === text,
            large: await sumOf(await ask(socket, large)) === await sumOf(large),
            even: await sumOf(await ask(socket, even)) === await sumOf(even),
        };
        return {...found, closed: await close(socket)};
    },

    async chat() {
        const [one, other] = [await connect('/websocket/chat'), await connect('/websocket/chat')];
        const heard = [next(one, 'message'), next(other, 'message')];
        one.send('hello, all');
        const said = (await Promise.all(heard)).map(event => event.data);
        return {said, closed: [await close(one), await close(other)]};
    },

    async upload(name) {
        const form = new FormData();
        form.append('remark', 'first\r\nsecond "third"');
        form.append('a "name"', new File([random(3 << 20)], name, {type: 'application/x-own'}));
        return fetchJSON('/upload', {method: 'POST', body: form});
    },

    async images() {
        return Promise.all(['png', 'jpeg', 'webp', 'svg'].map(async type => {
            const image = new Image();
            image.src = `/image/${type}`;
            await image.decode();
            return image.naturalWidth > 0;
        }));
    },

    async cookies() {
        const answer = await fetchJSON('/cookies/set?theme=dark&size=2');
        await fetch('/cookies/delete?size');
        return [answer.cookies, (await fetchJSON('/cookies')).cookies];
    },

    async origin(other) {
        const answer = await fetch(`${other}/put`, {
            method: 'PUT', body: 'x', credentials: 'include', headers: {'X-Own': '1'},
        });
        return {type: answer.type, own: (await answer.json()).headers['X-Own']};
    },

    /* What a page hears of an answer that only some may read; "refused": nothing. */
    async cross(url, options) {
        let answer;
        try {
            answer = await fetch(url, options);
        } catch (error) {
            return 'refused';
        }
        const {method, headers} = await answer.json();
        return {method, cookie: (headers.Cookie || '').includes('cross=1'),
                own: headers['X-Own'] || null, told: answer.headers.get('x-told'),
                kept: answer.headers.get('x-kept-back')};
    },

    /* Whether the page at origin other is kept from speaking for its visitor. */
    async foreign(address) {
        const socket = new WebSocket(`ws://${address}/websocket/echo`);
        return new Promise(kept => {
            socket.onopen = () => kept('open');
            socket.onclose = () => kept('refused');
        });
    },
};
