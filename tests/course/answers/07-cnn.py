"""Right and wrong answers to 07-cnn. docs/writing-exercises.md says how this file is read."""

# %% conv_output_size | right | division and floor
def conv_output_size(size, field, stride=1, pad=0):
    if size + 2 * pad < field:
        raise ValueError("window larger than input")
    return int(np.floor((size + 2 * pad - field) / stride)) + 1

# %% conv_output_size | right | counts the places
def conv_output_size(size, field, stride=1, pad=0):
    places = len(range(0, size + 2 * pad - field + 1, stride))
    if places == 0:
        raise ValueError(f"field {field} does not fit")
    return places

# %% conv_output_size | right | a while loop
def conv_output_size(size, field, stride=1, pad=0):
    left, count = -pad, 0
    while left + field <= size + pad:
        count += 1
        left += stride
    if not count:
        raise ValueError("too large")
    return count

# %% conv_output_size | right | divmod
def conv_output_size(size, field, stride=1, pad=0):
    steps, _ = divmod(size - field + 2 * pad, stride)
    if steps < 0:
        raise ValueError("too large")
    return 1 + steps

# %% conv_output_size | right | from the release
def conv_output_size(size, field, stride=1, pad=0):
    room = size + pad + pad - field  # how far the window can move
    if room < 0:
        raise ValueError("The window (%d) is longer than the padded line (%d)." % (field, size + 2 * pad))
    return 1 + (room - room % stride) // stride

# %% conv_output_size | wrong | pads one end only
#- return (size + 2 * pad - field) // stride + 1
#+ return (size + pad - field) // stride + 1

# %% conv_output_size | wrong | forgets the 1
#- return (size + 2 * pad - field) // stride + 1
#+ return (size + 2 * pad - field) // stride

# %% conv_output_size | wrong | a float
#- return (size + 2 * pad - field) // stride + 1
#+ return (size + 2 * pad - field) / stride + 1

# %% conv_output_size | wrong | rounds up
#- return (size + 2 * pad - field) // stride + 1
#+ return math.ceil((size + 2 * pad - field) / stride) + 1

# %% conv_output_size | wrong | rounds to nearest
#- return (size + 2 * pad - field) // stride + 1
#+ return round((size + 2 * pad - field) / stride) + 1

# %% conv_output_size | slip | refuses nothing
def conv_output_size(size, field, stride=1, pad=0):
    return (size + 2 * pad - field) // stride + 1

# %% conv_output_size | slip | refuses without looking at the padding
#- if field > size + 2 * pad:
#+ if field > size:

# %% conv_output_size | slip | a whole float
#- return (size + 2 * pad - field) // stride + 1
#+ return np.floor((size + 2 * pad - field) / stride) + 1

# %% conv_forward_naive | right | four loops
def conv_forward_naive(x, w, b, conv_param):
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    H_out = 1 + (H + 2 * p - HH) // s
    W_out = 1 + (W + 2 * p - WW) // s
    x_pad = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], mode="constant")
    out = np.zeros((N, F, H_out, W_out))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    out[n, f, i, j] = np.sum(x_pad[n, :, i * s : i * s + HH, j * s : j * s + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)

# %% conv_forward_naive | right | two loops and tensordot
def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    F, _, HH, WW = w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    rows = range(0, x_pad.shape[2] - HH + 1, s)
    cols = range(0, x_pad.shape[3] - WW + 1, s)
    out = np.empty((len(x), F, len(rows), len(cols)), dtype=np.result_type(x, w, b))
    for i, r in enumerate(rows):
        for j, c in enumerate(cols):
            out[:, :, i, j] = np.tensordot(x_pad[:, :, r : r + HH, c : c + WW], w, axes=((1, 2, 3), (1, 2, 3))) + b
    return out, (x, w, b, conv_param)

# %% conv_forward_naive | right | sum over filter positions
def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    Ho, Wo = conv_output_size(H, HH, s, p), conv_output_size(W, WW, s, p)
    xp = np.zeros((N, C, H + 2 * p, W + 2 * p), dtype=x.dtype)
    xp[:, :, p : p + H, p : p + W] = x
    out = np.zeros((N, F, Ho, Wo))
    for q in range(HH):
        for r in range(WW):
            out += np.einsum("nchw,fc->nfhw", xp[:, :, q : q + s * Ho : s, r : r + s * Wo : s], w[:, :, q, r])
    return out + b.reshape(1, -1, 1, 1), (x, w, b, conv_param)

# %% conv_forward_naive | right | sliding windows and einsum
def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    out = np.einsum("ncijpq,fcpq->nfij", win, w) + b[:, None, None]
    return out, (x, w, b, conv_param)

# %% conv_forward_naive | right | from the release
def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    oh = conv_output_size(H, HH, stride, pad)
    ow = conv_output_size(W, WW, stride, pad)
    frame = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    frame[:, :, pad : pad + H, pad : pad + W] = x
    maps = []
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    top, left = i * stride, j * stride
                    maps.append(np.vdot(frame[n, :, top : top + HH, left : left + WW], w[f]) + b[f])
    return np.array(maps, dtype=float).reshape(N, F, oh, ow), dict(frame=frame, w=w, shape=x.shape, stride=stride, pad=pad)

# %% conv_forward_naive | wrong | flips the filter
#- out[n, f, i, j] = np.sum(window * w[f]) + b[f]
#+ out[n, f, i, j] = np.sum(window * w[f, :, ::-1, ::-1]) + b[f]

# %% conv_forward_naive | wrong | forgets the bias
#- out[n, f, i, j] = np.sum(window * w[f]) + b[f]
#+ out[n, f, i, j] = np.sum(window * w[f])

# %% conv_forward_naive | wrong | ignores the stride when reading
#- window = padded[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
#+ window = padded[n, :, i : i + HH, j : j + WW]

# %% conv_forward_naive | wrong | adds the bias to every product
#- out[n, f, i, j] = np.sum(window * w[f]) + b[f]
#+ out[n, f, i, j] = np.sum(window * w[f] + b[f])

# %% conv_forward_naive | wrong | height and width of the filter mixed up
#- window = padded[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
#+ window = padded[n, :, i * stride : i * stride + HH, j * stride : j * stride + HH]

# %% conv_forward_naive | wrong | height and width of the output mixed up
#- out = np.zeros((N, F, conv_output_size(H, HH, stride, pad), conv_output_size(W, WW, stride, pad)))
#+ out = np.zeros((N, F, conv_output_size(W, WW, stride, pad), conv_output_size(H, HH, stride, pad)))

# %% conv_forward_naive | wrong | square output only
#- out = np.zeros((N, F, conv_output_size(H, HH, stride, pad), conv_output_size(W, WW, stride, pad)))
#+ out = np.zeros((N, F, conv_output_size(H, HH, stride, pad), conv_output_size(H, HH, stride, pad)))

# %% conv_forward_naive | wrong | pads below and to the right only
#- padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
#+ padded = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))

# %% conv_forward_naive | wrong | repeats the border in place of zeros
#- padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
#+ padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")

# %% conv_forward_naive | wrong | first channel only
#- out[n, f, i, j] = np.sum(window * w[f]) + b[f]
#+ out[n, f, i, j] = np.sum(window[0] * w[f, 0]) + b[f]

# %% conv_forward_naive | slip | output of the input's dtype rounds integers
#- out = np.zeros((N, F, conv_output_size(H, HH, stride, pad), conv_output_size(W, WW, stride, pad)))
#+ out = np.zeros((N, F, conv_output_size(H, HH, stride, pad), conv_output_size(W, WW, stride, pad)), dtype=x.dtype)

# %% conv_forward_naive | wrong | no cache
#- return out, (x, w, conv_param)
#+ return out

# %% conv_forward_naive | slip | changes conv_param
#- return out, (x, w, conv_param)
#+ conv_param["padded"] = 1
#+ return out, (x, w, conv_param)

# %% conv_backward_naive | right | four loops
def conv_backward_naive(dout, cache):
    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    x_pad = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    dx_pad = np.zeros(x_pad.shape)
    dw, db = np.zeros(w.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            db[f] += dout[n, f].sum()
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    r, c = i * s, j * s
                    dw[f] += x_pad[n, :, r : r + HH, c : c + WW] * dout[n, f, i, j]
                    dx_pad[n, :, r : r + HH, c : c + WW] += w[f] * dout[n, f, i, j]
    return dx_pad[:, :, p : p + H, p : p + W], dw, db

# %% conv_backward_naive | right | two loops and einsum
def conv_backward_naive(dout, cache):
    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    _, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            at = np.s_[:, :, i * s : i * s + HH, j * s : j * s + WW]
            dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], xp[at])
            dxp[at] += np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
    dx = dxp[:, :, p:-p, p:-p] if p > 0 else dxp
    return dx, dw, np.einsum("nfij->f", dout)

# %% conv_backward_naive | right | over filter positions
def conv_backward_naive(dout, cache):
    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    Ho, Wo = dout.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dxp, dw = np.zeros_like(xp), np.empty_like(w)
    for q, r in np.ndindex(w.shape[2:]):
        at = (slice(None), slice(None), slice(q, q + s * Ho, s), slice(r, r + s * Wo, s))
        dw[:, :, q, r] = np.tensordot(dout, xp[at], axes=((0, 2, 3), (0, 2, 3)))
        dxp[at] += np.tensordot(dout, w[:, :, q, r], axes=(1, 0)).transpose(0, 3, 1, 2)
    return dxp[:, :, p : H + p, p : W + p].copy(), dw, dout.sum((0, 2, 3))

# %% conv_backward_naive | right | a pixel at a time into a list of slices, unpadded by deletion
def conv_backward_naive(dout, cache):
    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    HH, WW = w.shape[2], w.shape[3]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = dout.sum(axis=3).sum(axis=2).sum(axis=0)
    for n, f, i, j in np.argwhere(np.ones(dout.shape)):
        g = dout[n, f, i, j]
        dw[f] = dw[f] + g * xp[n, :, s * i : s * i + HH, s * j : s * j + WW]
        dxp[n, :, s * i : s * i + HH, s * j : s * j + WW] += g * w[f]
    H, W = xp.shape[2], xp.shape[3]
    return dxp[:, :, p : H - p, p : W - p], dw, db

# %% conv_backward_naive | right | from the release
def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    oh = conv_output_size(H, HH, stride, pad)
    ow = conv_output_size(W, WW, stride, pad)
    frame = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    frame[:, :, pad : pad + H, pad : pad + W] = x
    maps = []
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    top, left = i * stride, j * stride
                    maps.append(np.vdot(frame[n, :, top : top + HH, left : left + WW], w[f]) + b[f])
    return np.array(maps, dtype=float).reshape(N, F, oh, ow), dict(frame=frame, w=w, shape=x.shape, stride=stride, pad=pad)

def conv_backward_naive(dout, cache):
    frame, w, stride, pad = cache["frame"], cache["w"], cache["stride"], cache["pad"]
    HH, WW = w.shape[2:]
    dframe = np.zeros(frame.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(len(w))
    for (n, f, i, j), g in np.ndenumerate(dout):
        rows = slice(i * stride, i * stride + HH)
        cols = slice(j * stride, j * stride + WW)
        dw[f] += g * frame[n, :, rows, cols]
        dframe[n, :, rows, cols] += g * w[f]
        db[f] += g
    H, W = cache["shape"][2:]
    return dframe[:, :, pad : pad + H, pad : pad + W], dw, db

# %% conv_backward_naive | slip | empty for pad 0
#- return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
#+ return dpadded[:, :, pad:-pad, pad:-pad], dw, dout.sum(axis=(0, 2, 3))

# %% conv_backward_naive | wrong | overwrites overlapping windows
#- dpadded[window] += dout[n, f, i, j] * w[f]
#+ dpadded[window] = dout[n, f, i, j] * w[f]

# %% conv_backward_naive | wrong | overwrites dw
#- dw[f] += dout[n, f, i, j] * padded[window]
#+ dw[f] = dout[n, f, i, j] * padded[window]

# %% conv_backward_naive | wrong | returns the padded gradient
#- return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
#+ return dpadded, dw, dout.sum(axis=(0, 2, 3))

# %% conv_backward_naive | wrong | ignores the stride
#- window = n, slice(None), slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
#+ window = n, slice(None), slice(i, i + HH), slice(j, j + WW)

# %% conv_backward_naive | wrong | mean over the batch
#- return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
#+ return dpadded[:, :, pad : pad + H, pad : pad + W], dw / len(x), dout.sum(axis=(0, 2, 3)) / len(x)

# %% conv_backward_naive | wrong | bias of the last picture only
#- return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
#+ return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout[-1].sum(axis=(1, 2))

# %% conv_backward_naive | wrong | bias summed over the wrong axes
#- return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
#+ return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(1, 2, 3))

# %% conv_backward_naive | wrong | flips the filter
#- dpadded[window] += dout[n, f, i, j] * w[f]
#+ dpadded[window] += dout[n, f, i, j] * w[f, :, ::-1, ::-1]

# %% conv_backward_naive | wrong | W cut with H
#- return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
#+ return dpadded[:, :, pad : pad + H, pad : pad + H], dw, dout.sum(axis=(0, 2, 3))

# %% conv_backward_naive | wrong | adds into the cached picture
#- dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
#+ dpadded, dw = padded, np.zeros_like(w)

# %% conv_backward_naive | wrong | adds into the cached filters
#- dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
#+ dpadded, dw = np.zeros_like(padded), w

# %% max_pool_forward_naive | right | four loops
def max_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros((N, C, 1 + (H - ph) // s, 1 + (W - pw) // s))
    for n in range(N):
        for c in range(C):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    out[n, c, i, j] = np.max(x[n, c, i * s : i * s + ph, j * s : j * s + pw])
    return out, (x, pool_param)

# %% max_pool_forward_naive | right | sliding windows
def max_pool_forward_naive(x, pool_param):
    s = pool_param["stride"]
    shape = pool_param["pool_height"], pool_param["pool_width"]
    win = np.lib.stride_tricks.sliding_window_view(x, shape, axis=(2, 3))[:, :, ::s, ::s]
    return win.max(axis=(-1, -2)), (x, pool_param)

# %% max_pool_forward_naive | right | running maximum from minus infinity
def max_pool_forward_naive(x, pool_param):
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    Ho, Wo = (H - ph) // s + 1, (W - pw) // s + 1
    out = np.full((N, C, Ho, Wo), -np.inf, dtype=x.dtype)
    for p in range(ph):
        for q in range(pw):
            out = np.maximum(out, x[:, :, p : p + s * Ho : s, q : q + s * Wo : s])
    return out, (x, pool_param)

# %% max_pool_forward_naive | right | lists in plain Python
def max_pool_forward_naive(x, pool_param):
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = [
        [
            [
                [max(x[n, c, r + p, k + q] for p in range(ph) for q in range(pw)) for k in range(0, W - pw + 1, s)]
                for r in range(0, H - ph + 1, s)
            ]
            for c in range(C)
        ]
        for n in range(N)
    ]
    return np.array(out), (x, pool_param)

# %% max_pool_forward_naive | right | from the release
def max_pool_forward_naive(x, pool_param):
    ph, pw, s = (pool_param[k] for k in ("pool_height", "pool_width", "stride"))
    N, C, H, W = x.shape
    oh, ow = conv_output_size(H, ph, s), conv_output_size(W, pw, s)
    out = np.empty((N, C, oh, ow), dtype=x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(oh):
                for j in range(ow):
                    out[n, c, i, j] = x[n, c, i * s : i * s + ph, j * s : j * s + pw].max()
    return out, (x.copy(), dict(pool_param))

# %% max_pool_forward_naive | wrong | steps by the window's size
#- window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
#+ window = x[:, :, i * height : i * height + height, j * width : j * width + width]

# %% max_pool_forward_naive | wrong | square windows only
#- window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
#+ window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + height]

# %% max_pool_forward_naive | wrong | windows as large as the stride
#- window = x[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
#+ window = x[:, :, i * stride : i * stride + stride, j * stride : j * stride + stride]

# %% max_pool_forward_naive | wrong | mean in place of maximum
#- out[:, :, i, j] = window.max(axis=(2, 3))
#+ out[:, :, i, j] = window.mean(axis=(2, 3))

# %% max_pool_forward_naive | wrong | maximum over channels too
#- out[:, :, i, j] = window.max(axis=(2, 3))
#+ out[:, :, i, j] = window.max(axis=(1, 2, 3))[:, None]

# %% max_pool_forward_naive | slip | starts from zero
#- out[:, :, i, j] = window.max(axis=(2, 3))
#+ out[:, :, i, j] = np.maximum(out[:, :, i, j], window.max(axis=(2, 3)))

# %% max_pool_forward_naive | wrong | output size divides by the window
#- out = np.zeros((N, C, conv_output_size(H, height, stride), conv_output_size(W, width, stride)))
#+ out = np.zeros((N, C, H // height, W // width))

# %% max_pool_forward_naive | wrong | blocks by reshape
def max_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    h, w = pool_param["pool_height"], pool_param["pool_width"]
    x_blocks = x[:, :, : H // h * h, : W // w * w].reshape(N, C, H // h, h, W // w, w)
    return x_blocks.max(axis=(3, 5)), (x, pool_param)

# %% max_pool_forward_naive | wrong | no cache
#- return out, (x, pool_param)
#+ return out

# %% max_pool_backward_naive | right | argmax with divmod
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    r, k = divmod(np.argmax(x[n, c, i * s : i * s + ph, j * s : j * s + pw]), pw)
                    dx[n, c, i * s + r, j * s + k] += dout[n, c, i, j]
    return dx

# %% max_pool_backward_naive | right | ties shared by a mask
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            at = np.s_[:, :, i * s : i * s + ph, j * s : j * s + pw]
            mask = x[at] == x[at].max(axis=(2, 3), keepdims=True)
            dx[at] += mask / mask.sum(axis=(2, 3), keepdims=True) * dout[:, :, i, j][:, :, None, None]
    return dx

# %% max_pool_backward_naive | right | the last of the tied
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * s : i * s + ph, j * s : j * s + pw]
        r, k = np.argwhere(window == window.max())[-1]
        dx[n, c, i * s + r, j * s + k] += dout[n, c, i, j]
    return dx

# %% max_pool_backward_naive | right | add.at on flat indices
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    win = np.lib.stride_tricks.sliding_window_view(x, (ph, pw), axis=(2, 3))[:, :, ::s, ::s]
    best = win.reshape(*win.shape[:4], -1).argmax(axis=-1)
    n, c, i, j = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, i * s + best // pw, j * s + best % pw), dout)
    return dx

# %% max_pool_backward_naive | right | from the release
def max_pool_backward_naive(dout, cache):
    x, param = cache
    ph, pw, s = param["pool_height"], param["pool_width"], param["stride"]
    dx = np.zeros(x.shape)
    for (n, c, i, j), g in np.ndenumerate(dout):
        window = x[n, c, i * s : i * s + ph, j * s : j * s + pw]
        winners = window == window.max()
        dx[n, c, i * s : i * s + ph, j * s : j * s + pw] += g * winners / winners.sum()
    return dx

# %% max_pool_backward_naive | slip | every winner of a tie gets it all
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i * s : i * s + ph, j * s : j * s + pw]
        dx[n, c, i * s : i * s + ph, j * s : j * s + pw] += dout[n, c, i, j] * (window == window.max())
    return dx

# %% max_pool_backward_naive | wrong | overwrites where windows overlap
#- dx[n, c, top + p, left + q] += dout[n, c, i, j]
#+ dx[n, c, top + p, left + q] = dout[n, c, i, j]

# %% max_pool_backward_naive | wrong | steps by the window's size
#- top, left = i * stride, j * stride
#+ top, left = i * height, j * width

# %% max_pool_backward_naive | wrong | forgets where the window begins
#- dx[n, c, top + p, left + q] += dout[n, c, i, j]
#+ dx[n, c, p, q] += dout[n, c, i, j]

# %% max_pool_backward_naive | wrong | rows and columns mixed up
#- dx[n, c, top + p, left + q] += dout[n, c, i, j]
#+ dx[n, c, min(top + q, x.shape[2] - 1), min(left + p, x.shape[3] - 1)] += dout[n, c, i, j]

# %% max_pool_backward_naive | wrong | spreads it like a mean
#- dx[n, c, top + p, left + q] += dout[n, c, i, j]
#+ dx[n, c, top : top + height, left : left + width] += dout[n, c, i, j] / (height * width)

# %% max_pool_backward_naive | wrong | everybody gets the gradient
#- dx[n, c, top + p, left + q] += dout[n, c, i, j]
#+ dx[n, c, top : top + height, left : left + width] += dout[n, c, i, j]

# %% max_pool_backward_naive | wrong | multiplies by the maximum
#- dx[n, c, top + p, left + q] += dout[n, c, i, j]
#+ dx[n, c, top + p, left + q] += dout[n, c, i, j] * window.max()

# %% max_pool_backward_naive | wrong | square windows only
#- window = x[n, c, top : top + height, left : left + width]
#+ window = x[n, c, top : top + height, left : left + height]

# %% max_pool_backward_naive | wrong | works in x
#- dx = np.zeros(x.shape)
#+ dx = x

# %% im2col | right | a loop over windows
def im2col(x, field_height, field_width, stride, pad):
    N, C, H, W = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    columns = []
    for r in range(0, H + 2 * pad - field_height + 1, stride):
        for c in range(0, W + 2 * pad - field_width + 1, stride):
            columns.append(xp[:, :, r : r + field_height, c : c + field_width].reshape(N, -1))
    return np.stack(columns, axis=-1)

# %% im2col | right | a loop over positions in the window
def im2col(x, field_height, field_width, stride, pad):
    N, C, H, W = x.shape
    out_h, out_w = conv_output_size(H, field_height, stride, pad), conv_output_size(W, field_width, stride, pad)
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=x.dtype)
    xp[:, :, pad : pad + H, pad : pad + W] = x
    cols = np.empty((N, C, field_height, field_width, out_h, out_w), dtype=x.dtype)
    for p in range(field_height):
        for q in range(field_width):
            cols[:, :, p, q] = xp[:, :, p : p + stride * out_h : stride, q : q + stride * out_w : stride]
    return cols.reshape(N, -1, out_h * out_w)

# %% im2col | right | fancy indices
def im2col(x, field_height, field_width, stride, pad):
    N, C, H, W = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out_h = (H + 2 * pad - field_height) // stride + 1
    out_w = (W + 2 * pad - field_width) // stride + 1
    i0 = np.tile(np.repeat(np.arange(field_height), field_width), C)
    j0 = np.tile(np.arange(field_width), field_height * C)
    i = i0[:, None] + stride * np.repeat(np.arange(out_h), out_w)[None]
    j = j0[:, None] + stride * np.tile(np.arange(out_w), out_h)[None]
    k = np.repeat(np.arange(C), field_height * field_width)[:, None]
    return xp[:, k, i, j]

# %% im2col | right | as_strided
def im2col(x, field_height, field_width, stride, pad):
    xp = np.ascontiguousarray(np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))))
    N, C, H, W = xp.shape
    sn, sc, sh, sw = xp.strides
    out_h, out_w = (H - field_height) // stride + 1, (W - field_width) // stride + 1
    view = np.lib.stride_tricks.as_strided(
        xp, (N, C, field_height, field_width, out_h, out_w), (sn, sc, sh, sw, sh * stride, sw * stride)
    )
    return view.reshape(N, C * field_height * field_width, out_h * out_w)

# %% im2col | right | from the release
def im2col(x, field_height, field_width, stride, pad):
    N, C, H, W = x.shape
    oh, ow = conv_output_size(H, field_height, stride, pad), conv_output_size(W, field_width, stride, pad)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = np.empty((N, C, field_height, field_width, oh, ow), dtype=x.dtype)
    for p in range(field_height):
        for q in range(field_width):
            cols[:, :, p, q] = padded[:, :, p : p + stride * oh : stride, q : q + stride * ow : stride]
    return cols.reshape(N, C * field_height * field_width, oh * ow)

# %% im2col | wrong | windows in rows
#- return windows.reshape(N, C * field_height * field_width, -1)
#+ return windows.reshape(N, C * field_height * field_width, -1).transpose(0, 2, 1)

# %% im2col | wrong | forgets the transpose
#- windows = windows[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
#+ windows = windows[:, :, ::stride, ::stride]

# %% im2col | wrong | channels last in a column
#- windows = windows[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
#+ windows = windows[:, :, ::stride, ::stride].transpose(0, 4, 5, 1, 2, 3)

# %% im2col | wrong | ignores the stride
#- windows = windows[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
#+ windows = windows.transpose(0, 1, 4, 5, 2, 3)

# %% im2col | wrong | rows and columns of the window mixed up
#- windows = windows[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
#+ windows = windows[:, :, ::stride, ::stride].transpose(0, 1, 5, 4, 2, 3)

# %% im2col | wrong | windows from top to bottom first
#- windows = windows[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
#+ windows = windows[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 3, 2)

# %% im2col | slip | float32 becomes float64
#- return windows.reshape(N, C * field_height * field_width, -1)
#+ return windows.reshape(N, C * field_height * field_width, -1).astype(float)

# %% im2col | wrong | all pictures in one matrix
#- return windows.reshape(N, C * field_height * field_width, -1)
#+ return windows.transpose(1, 2, 3, 4, 5, 0).reshape(C * field_height * field_width, -1)

# %% im2col | wrong | pads one side only
#- padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
#+ padded = np.pad(x, ((0, 0), (0, 0), (pad, 0), (pad, 0)))

# %% col2im | right | a loop over windows
def col2im(cols, x_shape, field_height, field_width, stride, pad):
    N, C, H, W = x_shape
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    l = 0
    for r in range(0, H + 2 * pad - field_height + 1, stride):
        for c in range(0, W + 2 * pad - field_width + 1, stride):
            out[:, :, r : r + field_height, c : c + field_width] += cols[:, :, l].reshape(N, C, field_height, field_width)
            l += 1
    return out[:, :, pad : pad + H, pad : pad + W]

# %% col2im | right | add.at
def col2im(cols, x_shape, field_height, field_width, stride, pad):
    N, C, H, W = x_shape
    out_h, out_w = conv_output_size(H, field_height, stride, pad), conv_output_size(W, field_width, stride, pad)
    k, p, q, i, j = np.indices((C, field_height, field_width, out_h, out_w))
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    np.add.at(out, (slice(None), k, i * stride + p, j * stride + q), cols.reshape(N, *k.shape))
    return out if pad == 0 else out[:, :, pad:-pad, pad:-pad]

# %% col2im | right | two loops over positions
def col2im(cols, x_shape, field_height, field_width, stride, pad):
    N, C, H, W = x_shape
    Ho, Wo = (H + 2 * pad - field_height) // stride + 1, (W + 2 * pad - field_width) // stride + 1
    six = cols.reshape(N, C, field_height, field_width, Ho, Wo)
    big = np.zeros((N, C, H + 2 * pad, W + 2 * pad), cols.dtype)
    for p in range(field_height):
        for q in range(field_width):
            big[:, :, p : p + stride * Ho : stride, q : q + stride * Wo : stride] += six[:, :, p, q, :, :]
    return np.ascontiguousarray(big[:, :, pad : H + pad, pad : W + pad])

# %% col2im | right | bincount, then the dtype back
def col2im(cols, x_shape, field_height, field_width, stride, pad):
    N, C, H, W = x_shape
    Hp, Wp = H + 2 * pad, W + 2 * pad
    places = np.arange(N * C * Hp * Wp).reshape(N, C, Hp, Wp)
    view = np.lib.stride_tricks.sliding_window_view(places, (field_height, field_width), axis=(2, 3))
    index = view[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
    flat = np.bincount(index.ravel(), weights=cols.ravel(), minlength=places.size)
    return flat.reshape(places.shape)[:, :, pad : pad + H, pad : pad + W].astype(cols.dtype)

# %% col2im | right | from the release
def col2im(cols, x_shape, field_height, field_width, stride, pad):
    N, C, H, W = x_shape
    oh, ow = conv_output_size(H, field_height, stride, pad), conv_output_size(W, field_width, stride, pad)
    six = cols.reshape(N, C, field_height, field_width, oh, ow)
    x = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    for p in range(field_height):
        for q in range(field_width):
            x[:, :, p : p + stride * oh : stride, q : q + stride * ow : stride] += six[:, :, p, q]
    return x[:, :, pad : pad + H, pad : pad + W]

# %% col2im | wrong | overwrites
#- strips[:, :, :, p : p + stride * out_h : stride] += cols[:, :, p]
#+ strips[:, :, :, p : p + stride * out_h : stride] = cols[:, :, p]

# %% col2im | wrong | fancy indices that add once
def col2im(cols, x_shape, field_height, field_width, stride, pad):
    N, C, H, W = x_shape
    out_h, out_w = conv_output_size(H, field_height, stride, pad), conv_output_size(W, field_width, stride, pad)
    k, p, q, i, j = np.indices((C, field_height, field_width, out_h, out_w))
    out = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    out[:, k, i * stride + p, j * stride + q] += cols.reshape(N, *k.shape)
    return out[:, :, pad : pad + H, pad : pad + W]

# %% col2im | wrong | keeps the frame
#- return padded[:, :, pad : pad + H, pad : pad + W]
#+ return padded

# %% col2im | slip | empty for pad 0
#- return padded[:, :, pad : pad + H, pad : pad + W]
#+ return padded[:, :, pad:-pad, pad:-pad]

# %% col2im | wrong | the inverse: divides by how often a pixel was copied
#- return padded[:, :, pad : pad + H, pad : pad + W]
#+ ones = np.zeros_like(padded)
#+ for p, q in np.ndindex(field_height, field_width):
#+     ones[:, :, p : p + stride * out_h : stride, q : q + stride * out_w : stride] += 1
#+ return (padded / np.maximum(ones, 1))[:, :, pad : pad + H, pad : pad + W]

# %% col2im | wrong | ignores the stride
#- strips[:, :, :, p : p + stride * out_h : stride] += cols[:, :, p]
#+ strips[:, :, :, p : p + out_h] += cols[:, :, p]
#- padded[:, :, :, q : q + stride * out_w : stride] += strips[:, :, q]
#+ padded[:, :, :, q : q + out_w] += strips[:, :, q]

# %% col2im | slip | float32 becomes float64
#- padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
#+ padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))

# %% col2im | wrong | rows and columns of the window mixed up
#- cols = cols.reshape(N, C, field_height, field_width, out_h, out_w)
#+ cols = cols.reshape(N, C, field_width, field_height, out_h, out_w).swapaxes(2, 3)

# %% conv_forward_im2col | right | all columns at once
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    cols = im2col(x, HH, WW, s, p)
    out = w.reshape(F, -1) @ cols + b[:, None]
    shape = len(x), F, conv_output_size(x.shape[2], HH, s, p), conv_output_size(x.shape[3], WW, s, p)
    return out.reshape(shape), (x, w, conv_param)

# %% conv_forward_im2col | right | einsum on the columns
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    H_out = 1 + (x.shape[2] + 2 * p - HH) // s
    cols = im2col(x, HH, WW, s, p)
    out = np.einsum("fk,nkl->nfl", w.reshape(F, -1), cols, optimize=True)
    out += b.reshape(1, F, 1)
    return out.reshape(len(x), F, H_out, -1), (x, w, conv_param)

# %% conv_forward_im2col | right | one picture at a time
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    H_out = conv_output_size(x.shape[2], HH, s, p)
    out = [w.reshape(F, -1) @ im2col(x[n : n + 1], HH, WW, s, p)[0] + b[:, None] for n in range(len(x))]
    return np.stack(out).reshape(len(x), F, H_out, -1), (x, w, conv_param)

# %% conv_forward_im2col | right | tensordot over sliding windows
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    out = np.tensordot(win, w, axes=((1, 4, 5), (1, 2, 3))) + b
    return out.transpose(0, 3, 1, 2), (x, w, conv_param)

# %% conv_forward_im2col | right | from the release
def conv_forward_im2col(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    X_col = im2col(x, HH, WW, stride, pad)
    W_row = w.reshape(F, -1)
    out = W_row @ X_col + b[:, None]
    oh, ow = conv_output_size(H, HH, stride, pad), conv_output_size(W, WW, stride, pad)
    return out.reshape(N, F, oh, ow), (X_col, w, x.shape, stride, pad)

# %% conv_forward_im2col | slip | the four loops again
def conv_forward_im2col(x, w, b, conv_param):
    out, _ = conv_forward_naive(x, w, b, conv_param)
    return out.astype(x.dtype), (x, w, conv_param)

# %% conv_forward_im2col | wrong | forgets the bias
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, F, HH, WW = len(x), len(w), *w.shape[2:]
    H_out, W_out = conv_output_size(x.shape[2], HH, s, p), conv_output_size(x.shape[3], WW, s, p)
    out = w.reshape(F, -1) @ im2col(x, HH, WW, s, p)
    return out.reshape(N, F, H_out, W_out), (x, w, conv_param)

# %% conv_forward_im2col | wrong | bias along the pixels
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, F, HH, WW = len(x), len(w), *w.shape[2:]
    H_out, W_out = conv_output_size(x.shape[2], HH, s, p), conv_output_size(x.shape[3], WW, s, p)
    out = w.reshape(F, -1) @ im2col(x, HH, WW, s, p)
    out += np.resize(b, out.shape[2])
    return out.reshape(N, F, H_out, W_out), (x, w, conv_param)

# %% conv_forward_im2col | slip | float32 becomes float64
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, F, HH, WW = len(x), len(w), *w.shape[2:]
    H_out, W_out = conv_output_size(x.shape[2], HH, s, p), conv_output_size(x.shape[3], WW, s, p)
    out = np.zeros((N, F, H_out * W_out))
    out += w.reshape(F, -1) @ im2col(x, HH, WW, s, p) + b[:, None]
    return out.reshape(N, F, H_out, W_out), (x, w, conv_param)

# %% conv_forward_im2col | wrong | height and width of the output mixed up
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, F, HH, WW = len(x), len(w), *w.shape[2:]
    H_out, W_out = conv_output_size(x.shape[2], HH, s, p), conv_output_size(x.shape[3], WW, s, p)
    out = w.reshape(F, -1) @ im2col(x, HH, WW, s, p)
    out += b[:, None]
    return out.reshape(N, F, W_out, H_out), (x, w, conv_param)

# %% conv_forward_im2col | wrong | pictures and filters mixed up by a reshape
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, F, HH, WW = len(x), len(w), *w.shape[2:]
    H_out, W_out = conv_output_size(x.shape[2], HH, s, p), conv_output_size(x.shape[3], WW, s, p)
    cols = im2col(x, HH, WW, s, p).transpose(1, 0, 2).reshape(w[0].size, -1)
    out = w.reshape(F, -1) @ cols + b[:, None]
    return out.reshape(N, F, H_out, W_out), (x, w, conv_param)

# %% conv_forward_im2col | wrong | filters laid flat in another order
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, F, HH, WW = len(x), len(w), *w.shape[2:]
    H_out, W_out = conv_output_size(x.shape[2], HH, s, p), conv_output_size(x.shape[3], WW, s, p)
    out = w.transpose(0, 2, 3, 1).reshape(F, -1) @ im2col(x, HH, WW, s, p)
    out += b[:, None]
    return out.reshape(N, F, H_out, W_out), (x, w, conv_param)

# %% conv_forward_im2col | wrong | leaves out what does not fill a block of four
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, F, HH, WW = len(x), len(w), *w.shape[2:]
    H_out, W_out = conv_output_size(x.shape[2], HH, s, p), conv_output_size(x.shape[3], WW, s, p)
    out = np.zeros((N, F, H_out * W_out), dtype=x.dtype)
    for n in range(N // 4):
        block = slice(4 * n, 4 * n + 4)
        out[block] = w.reshape(F, -1) @ im2col(x[block], HH, WW, s, p)
    out += b[:, None]
    return out.reshape(N, F, H_out, W_out), (x, w, conv_param)

# %% conv_forward_im2col | wrong | no cache
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, F, HH, WW = len(x), len(w), *w.shape[2:]
    H_out, W_out = conv_output_size(x.shape[2], HH, s, p), conv_output_size(x.shape[3], WW, s, p)
    out = w.reshape(F, -1) @ im2col(x, HH, WW, s, p)
    out += b[:, None]
    return out.reshape(N, F, H_out, W_out)

# %% conv_forward_im2col | wrong | adds the bias into the filters
def conv_forward_im2col(x, w, b, conv_param):
    s, p = conv_param["stride"], conv_param["pad"]
    N, F, HH, WW = len(x), len(w), *w.shape[2:]
    H_out, W_out = conv_output_size(x.shape[2], HH, s, p), conv_output_size(x.shape[3], WW, s, p)
    w += b[:, None, None, None]
    out = w.reshape(F, -1) @ im2col(x, HH, WW, s, p)
    return out.reshape(N, F, H_out, W_out), (x, w, conv_param)

# %% conv_backward_im2col | right | all columns at once
def conv_backward_im2col(dout, cache):
    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    d = dout.reshape(len(x), F, -1)
    cols = im2col(x, HH, WW, s, p)
    dw = (d @ cols.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
    dx = col2im(w.reshape(F, -1).T @ d, x.shape, HH, WW, s, p)
    return dx, dw, d.sum(axis=(0, 2))

# %% conv_backward_im2col | right | einsum
def conv_backward_im2col(dout, cache):
    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    d = dout.reshape(len(x), F, -1)
    dw = np.einsum("nfl,nkl->fk", d, im2col(x, HH, WW, s, p), optimize=True).reshape(w.shape)
    dcols = np.einsum("fk,nfl->nkl", w.reshape(F, -1), d, optimize=True)
    return col2im(dcols, x.shape, HH, WW, s, p), dw, np.einsum("nfl->f", d)

# %% conv_backward_im2col | right | one picture at a time
def conv_backward_im2col(dout, cache):
    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(F, dtype=dout.dtype)
    for n in range(len(x)):
        d = dout[n].reshape(F, -1)
        db += d.sum(axis=1)
        dw += (d @ im2col(x[n : n + 1], HH, WW, s, p)[0].T).reshape(w.shape)
        dx[n] = col2im((w.reshape(F, -1).T @ d)[None], (1, *x.shape[1:]), HH, WW, s, p)[0]
    return dx, dw, db

# %% conv_backward_im2col | right | one large product over all pictures
def conv_backward_im2col(dout, cache):
    x, w, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    F, C, HH, WW = w.shape
    d = dout.transpose(1, 0, 2, 3).reshape(F, -1)
    cols = im2col(x, HH, WW, s, p).transpose(0, 2, 1).reshape(d.shape[1], -1)
    dw = np.dot(d, cols).reshape(w.shape)
    dcols = np.dot(w.reshape(F, -1).T, d).reshape(C * HH * WW, len(x), -1).transpose(1, 0, 2)
    return col2im(np.ascontiguousarray(dcols), x.shape, HH, WW, s, p), dw, d.sum(axis=1)

# %% conv_backward_im2col | right | from the release
def conv_forward_im2col(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    X_col = im2col(x, HH, WW, stride, pad)
    W_row = w.reshape(F, -1)
    out = W_row @ X_col + b[:, None]
    oh, ow = conv_output_size(H, HH, stride, pad), conv_output_size(W, WW, stride, pad)
    return out.reshape(N, F, oh, ow), (X_col, w, x.shape, stride, pad)

def conv_backward_im2col(dout, cache):
    X_col, w, x_shape, stride, pad = cache
    F, _, HH, WW = w.shape
    d = dout.reshape(len(dout), F, -1)
    dw = np.sum(d @ X_col.transpose(0, 2, 1), axis=0).reshape(w.shape)
    dx = col2im(w.reshape(F, -1).T @ d, x_shape, HH, WW, stride, pad)
    return dx, dw, dout.sum(axis=(0, 2, 3))

# %% conv_backward_im2col | slip | the four loops again
def conv_backward_im2col(dout, cache):
    return tuple(g.astype(dout.dtype) for g in conv_backward_naive(dout, cache))

# %% conv_backward_im2col | wrong | dw of the last pictures only
#- dw_columns += (cols @ dout[part].transpose(0, 2, 1)).sum(axis=0)
#+ dw_columns = (cols @ dout[part].transpose(0, 2, 1)).sum(axis=0)

# %% conv_backward_im2col | wrong | dw is a mean over the batch
#- return dx, dw_columns.T.reshape(w.shape), dout.sum(axis=(0, 2))
#+ return dx, dw_columns.T.reshape(w.shape) / N, dout.sum(axis=(0, 2))

# %% conv_backward_im2col | wrong | dw laid out the wrong way
#- return dx, dw_columns.T.reshape(w.shape), dout.sum(axis=(0, 2))
#+ return dx, dw_columns.reshape(w.shape), dout.sum(axis=(0, 2))

# %% conv_backward_im2col | wrong | dw left flat
#- return dx, dw_columns.T.reshape(w.shape), dout.sum(axis=(0, 2))
#+ return dx, dw_columns.T, dout.sum(axis=(0, 2))

# %% conv_backward_im2col | slip | float32 becomes float64
#- dx, dw_columns = np.empty_like(x), np.zeros_like(w_rows.T)
#+ dx, dw_columns = np.empty(x.shape), np.zeros(w_rows.T.shape)

# %% conv_backward_im2col | wrong | bias of the first picture only
#- return dx, dw_columns.T.reshape(w.shape), dout.sum(axis=(0, 2))
#+ return dx, dw_columns.T.reshape(w.shape), dout[0].sum(axis=1)

# %% conv_backward_im2col | wrong | two results
#- return dx, dw_columns.T.reshape(w.shape), dout.sum(axis=(0, 2))
#+ return dx, dw_columns.T.reshape(w.shape)

# %% conv_backward_im2col | wrong | filters flipped
#- dx[part] = col2im(w_rows.T @ dout[part], x[part].shape, HH, WW, stride, pad)
#+ dx[part] = col2im(w[:, :, ::-1, ::-1].reshape(F, -1).T @ dout[part], x[part].shape, HH, WW, stride, pad)

# %% conv_backward_im2col | slip | works in x
#- dx, dw_columns = np.empty_like(x), np.zeros_like(w_rows.T)
#+ dx, dw_columns = x, np.zeros_like(w_rows.T)

# %% max_pool_forward_fast | right | sliding windows
def max_pool_forward_fast(x, pool_param):
    s = pool_param["stride"]
    size = pool_param["pool_height"], pool_param["pool_width"]
    win = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))[:, :, ::s, ::s]
    out = win.max(axis=(4, 5))
    return out, (x, out, pool_param)

# %% max_pool_forward_fast | right | stack of slices
def max_pool_forward_fast(x, pool_param):
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    Ho, Wo = conv_output_size(x.shape[2], ph, s), conv_output_size(x.shape[3], pw, s)
    slices = [x[:, :, p : p + s * Ho : s, q : q + s * Wo : s] for p in range(ph) for q in range(pw)]
    out = np.max(slices, axis=0)
    return out, (x, out, pool_param)

# %% max_pool_forward_fast | right | columns of each channel
def max_pool_forward_fast(x, pool_param):
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    cols = im2col(x.reshape(N * C, 1, H, W), ph, pw, s, 0)
    out = cols.max(axis=1).reshape(N, C, conv_output_size(H, ph, s), conv_output_size(W, pw, s))
    return out, (x, out, pool_param)

# %% max_pool_forward_fast | right | rows first, then columns
def max_pool_forward_fast(x, pool_param):
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    Ho, Wo = conv_output_size(x.shape[2], ph, s), conv_output_size(x.shape[3], pw, s)
    tall = x[:, :, : s * Ho : s]
    for p in range(1, ph):
        tall = np.maximum(tall, x[:, :, p : p + s * Ho : s])
    out = tall[:, :, :, : s * Wo : s]
    for q in range(1, pw):
        out = np.maximum(out, tall[:, :, :, q : q + s * Wo : s])
    return out.copy(), (x, out, pool_param)

# %% max_pool_forward_fast | right | from the release
def max_pool_forward_fast(x, pool_param):
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    oh, ow = conv_output_size(x.shape[2], ph, s), conv_output_size(x.shape[3], pw, s)
    slices = [x[:, :, p : p + s * oh : s, q : q + s * ow : s] for p in range(ph) for q in range(pw)]
    out = slices[0]
    for other in slices[1:]:
        out = np.maximum(out, other)
    return out, (x, out, pool_param)

# %% max_pool_forward_fast | slip | window by window
def max_pool_forward_fast(x, pool_param):
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - ph) // s, 1 + (W - pw) // s), dtype=x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = x[n, c, i * s : i * s + ph, j * s : j * s + pw].max()
    return out, (x, out, pool_param)

# %% max_pool_forward_fast | wrong | blocks by reshape
def max_pool_forward_fast(x, pool_param):
    N, C, H, W = x.shape
    h, w = pool_param["pool_height"], pool_param["pool_width"]
    out = x[:, :, : H // h * h, : W // w * w].reshape(N, C, H // h, h, W // w, w).max(axis=(3, 5))
    return out, (x, out, pool_param)

# %% max_pool_forward_fast | wrong | changes x
#- out = x[:, :, :rows:stride, :columns:stride].copy()
#+ out = x[:, :, :rows:stride, :columns:stride]

# %% max_pool_forward_fast | slip | starts from zeros
#- out = x[:, :, :rows:stride, :columns:stride].copy()
#+ out = np.zeros_like(x[:, :, :rows:stride, :columns:stride])

# %% max_pool_forward_fast | slip | float32 becomes float64
#- out = x[:, :, :rows:stride, :columns:stride].copy()
#+ out = x[:, :, :rows:stride, :columns:stride].astype(float)

# %% max_pool_forward_fast | wrong | square windows only
#- for p, q in np.ndindex(height, width):
#+ for p, q in np.ndindex(height, height):

# %% max_pool_forward_fast | wrong | no cache
#- return out, (x, out, pool_param)
#+ return out

# %% max_pool_backward_fast | right | ties shared
def max_pool_backward_fast(dout, cache):
    x, out, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    Ho, Wo = dout.shape[2:]
    places = [np.s_[:, :, p : p + s * Ho : s, q : q + s * Wo : s] for p in range(ph) for q in range(pw)]
    winners = sum((x[at] == out).astype(x.dtype) for at in places)
    dx = np.zeros_like(x)
    for at in places:
        dx[at] += (x[at] == out) * (dout / winners)
    return dx

# %% max_pool_backward_fast | right | add.at
def max_pool_backward_fast(dout, cache):
    x, _, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    win = np.lib.stride_tricks.sliding_window_view(x, (ph, pw), axis=(2, 3))[:, :, ::s, ::s]
    best = win.reshape(*win.shape[:4], -1).argmax(axis=-1)
    n, c, i, j = np.ogrid[: dout.shape[0], : dout.shape[1], : dout.shape[2], : dout.shape[3]]
    dx = np.zeros_like(x)
    np.add.at(dx, (n, c, i * s + best // pw, j * s + best % pw), dout)
    return dx

# %% max_pool_backward_fast | right | what is left of dout
def max_pool_backward_fast(dout, cache):
    x, out, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    Ho, Wo = dout.shape[2:]
    left, dx = dout.copy(), np.zeros(x.shape, dtype=x.dtype)
    for p in range(ph):
        for q in range(pw):
            here = x[:, :, p : p + s * Ho : s, q : q + s * Wo : s] == out
            dx[:, :, p : p + s * Ho : s, q : q + s * Wo : s] += np.where(here, left, 0)
            left[here] = 0
    return dx

# %% max_pool_backward_fast | right | col2im of a one-hot mask
def max_pool_backward_fast(dout, cache):
    x, _, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    cols = im2col(x.reshape(N * C, 1, H, W), ph, pw, s, 0)
    hot = np.arange(ph * pw)[:, None] == cols.argmax(axis=1)[:, None]
    dcols = hot * dout.reshape(N * C, 1, -1)
    return col2im(dcols, (N * C, 1, H, W), ph, pw, s, 0).reshape(x.shape)

# %% max_pool_backward_fast | right | from the release
def max_pool_backward_fast(dout, cache):
    x, out, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    oh, ow = out.shape[2:]
    dx = np.zeros(x.shape, dtype=x.dtype)
    free = np.ones(out.shape, dtype=bool)
    for p in range(ph):
        for q in range(pw):
            rows, cols = slice(p, p + s * oh, s), slice(q, q + s * ow, s)
            here = free & (x[:, :, rows, cols] == out)
            dx[:, :, rows, cols] += np.where(here, dout, 0)
            free[here] = False
    return dx

# %% max_pool_backward_fast | slip | every winner of a tie gets it all
#- free &= ~here
#+ pass

# %% max_pool_backward_fast | wrong | overwrites where windows overlap
#- dx[at] += dout * here
#+ dx[at] = dout * here

# %% max_pool_backward_fast | slip | float32 becomes float64
#- dx, free = np.zeros_like(x), np.ones(out.shape, dtype=bool)
#+ dx, free = np.zeros(x.shape), np.ones(out.shape, dtype=bool)

# %% max_pool_backward_fast | slip | window by window
def max_pool_backward_fast(dout, cache):
    x, _, pool_param = cache
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        r, k = divmod(np.argmax(x[n, c, i * s : i * s + ph, j * s : j * s + pw]), pw)
        dx[n, c, i * s + r, j * s + k] += dout[n, c, i, j]
    return dx

# %% max_pool_backward_fast | wrong | spreads it like a mean
#- dx[at] += dout * here
#+ dx[at] += dout / (height * width)

# %% max_pool_backward_fast | wrong | square windows only
#- for p, q in np.ndindex(height, width):
#+ for p, q in np.ndindex(height, height):

# %% max_pool_backward_fast | wrong | multiplies by the maximum
#- dx[at] += dout * here
#+ dx[at] += dout * here * out

# %% spatial_batchnorm_forward | right | channels first, then transposed
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    flat = x.transpose(1, 0, 2, 3).reshape(C, -1).T
    out, cache = batchnorm_forward(flat, gamma, beta, bn_param)
    return out.T.reshape(C, N, H, W).transpose(1, 0, 2, 3), (cache, x.shape)

def spatial_batchnorm_backward(dout, cache):
    cache, (N, C, H, W) = cache
    dx, dgamma, dbeta = batchnorm_backward(dout.transpose(1, 0, 2, 3).reshape(C, -1).T, cache)
    return dx.T.reshape(C, N, H, W).transpose(1, 0, 2, 3), dgamma, dbeta

# %% spatial_batchnorm_forward | right | moveaxis
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    last = np.moveaxis(x, 1, -1)
    out, cache = batchnorm_forward(last.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return np.moveaxis(out.reshape(last.shape), -1, 1), cache

# %% spatial_batchnorm_forward | right | swapaxes twice
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    rows = np.swapaxes(x.reshape(N, C, H * W), 1, 2).reshape(N * H * W, C)
    out, cache = batchnorm_forward(rows, gamma, beta, bn_param)
    return np.ascontiguousarray(out.reshape(N, H * W, C).swapaxes(1, 2)).reshape(x.shape), cache

# %% spatial_batchnorm_forward | right | written out by hand
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    C = x.shape[1]
    mean, var = bn_param.get("running_mean", np.zeros(C)), bn_param.get("running_var", np.zeros(C))
    if mode == "train":
        m, v = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        bn_param["running_mean"] = momentum * mean + (1 - momentum) * m
        bn_param["running_var"] = momentum * var + (1 - momentum) * v
    elif mode == "test":
        m, v = mean, var
    else:
        raise ValueError(mode)
    hat = (x - m[:, None, None]) / np.sqrt(v + eps)[:, None, None]
    return gamma[:, None, None] * hat + beta[:, None, None], (hat, gamma, v + eps)

# %% spatial_batchnorm_forward | right | from the release
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    last = np.moveaxis(x, 1, -1)
    out, cache = batchnorm_forward(last.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return np.moveaxis(out.reshape(last.shape), -1, 1), (cache, last.shape)

# %% spatial_batchnorm_forward | wrong | reshapes without moving the axis
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    rows, cache = batchnorm_forward(x.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return rows.reshape(x.shape), cache

# %% spatial_batchnorm_forward | wrong | reshapes back without moving the axis
#- return rows.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache
#+ return rows.reshape(N, C, H, W), cache

# %% spatial_batchnorm_forward | wrong | axes back in the wrong order
#- return rows.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache
#+ return rows.reshape(N, W, H, C).transpose(0, 3, 2, 1), cache

# %% spatial_batchnorm_forward | wrong | every pixel a feature of its own
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    wide = np.repeat(gamma, H * W), np.repeat(beta, H * W)
    rows, cache = batchnorm_forward(x.reshape(N, -1), *wide, bn_param)
    return rows.reshape(x.shape), cache

# %% spatial_batchnorm_forward | slip | a copy of bn_param
#- rows, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, C), gamma, beta, bn_param)
#+ rows, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, C), gamma, beta, dict(bn_param))

# %% spatial_batchnorm_forward | slip | always in training mode
#- rows, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, C), gamma, beta, bn_param)
#+ bn_param["mode"] = "train"
#+ rows, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, C), gamma, beta, bn_param)

# %% spatial_batchnorm_forward | wrong | leaves the channels last
#- return rows.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache
#+ return rows.reshape(N, H, W, C), cache

# %% spatial_batchnorm_forward | wrong | each picture by itself
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    mean, var = x.mean(axis=(2, 3), keepdims=True), x.var(axis=(2, 3), keepdims=True)
    out = gamma[:, None, None] * (x - mean) / np.sqrt(var + 1e-5) + beta[:, None, None]
    bn_param["running_mean"], bn_param["running_var"] = 0.1 * x.mean(axis=(0, 2, 3)), 0.1 * x.var(axis=(0, 2, 3))
    return out, None

# %% spatial_batchnorm_backward | right | moveaxis
def spatial_batchnorm_backward(dout, cache):
    last = np.moveaxis(dout, 1, -1)
    dx, dgamma, dbeta = batchnorm_backward(last.reshape(-1, dout.shape[1]), cache)
    return np.moveaxis(dx.reshape(last.shape), -1, 1), dgamma, dbeta

# %% spatial_batchnorm_backward | right | swapaxes twice
def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    rows = np.swapaxes(dout.reshape(N, C, H * W), 1, 2).reshape(N * H * W, C)
    dx, dgamma, dbeta = batchnorm_backward(rows, cache)
    return np.ascontiguousarray(dx.reshape(N, H * W, C).swapaxes(1, 2)).reshape(dout.shape), dgamma, dbeta

# %% spatial_batchnorm_backward | right | dbeta by hand
def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    drows, dgamma, _ = batchnorm_backward(np.einsum("nchw->nhwc", dout).reshape(-1, C), cache)
    dx = np.einsum("nhwc->nchw", drows.reshape(N, H, W, C))
    return dx, dgamma, np.einsum("nchw->c", dout)

# %% spatial_batchnorm_backward | right | forward and backward by hand
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    m, v = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
    std = np.sqrt(v + bn_param.get("eps", 1e-5))
    hat = (x - m) / std
    return gamma.reshape(1, -1, 1, 1) * hat + beta.reshape(1, -1, 1, 1), (hat, gamma.reshape(1, -1, 1, 1), std)

def spatial_batchnorm_backward(dout, cache):
    hat, gamma, std = cache
    axes = (0, 2, 3)
    d = dout * gamma
    dx = (d - d.mean(axis=axes, keepdims=True) - hat * (d * hat).mean(axis=axes, keepdims=True)) / std
    return dx, (dout * hat).sum(axis=axes), dout.sum(axis=axes)

# %% spatial_batchnorm_backward | right | from the release
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    last = np.moveaxis(x, 1, -1)
    out, cache = batchnorm_forward(last.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return np.moveaxis(out.reshape(last.shape), -1, 1), (cache, last.shape)

def spatial_batchnorm_backward(dout, cache):
    inner, shape = cache
    dx, dgamma, dbeta = batchnorm_backward(np.moveaxis(dout, 1, -1).reshape(-1, shape[-1]), inner)
    return np.moveaxis(dx.reshape(shape), -1, 1), dgamma, dbeta

# %% spatial_batchnorm_backward | wrong | reshapes without moving the axis
def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(-1, dout.shape[1]), cache)
    return dx.reshape(dout.shape), dgamma, dbeta

# %% spatial_batchnorm_backward | wrong | reshapes back without moving the axis
#- return drows.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta
#+ return drows.reshape(N, C, H, W), dgamma, dbeta

# %% spatial_batchnorm_backward | wrong | rows and columns of the picture mixed up
#- return drows.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta
#+ return drows.reshape(N, W, H, C).transpose(0, 3, 2, 1), dgamma, dbeta

# %% spatial_batchnorm_backward | wrong | gamma and beta swapped
#- return drows.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta
#+ return drows.reshape(N, H, W, C).transpose(0, 3, 1, 2), dbeta, dgamma

# %% spatial_batchnorm_backward | wrong | dx only
#- return drows.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta
#+ return drows.reshape(N, H, W, C).transpose(0, 3, 1, 2)

# %% spatial_batchnorm_backward | wrong | mean over pixels
#- return drows.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta
#+ return drows.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma / (H * W), dbeta / (H * W)

# %% spatial_groupnorm_forward | right | five axes
def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    eps = gn_param.get("eps", 1e-5)
    g = x.reshape(N, G, C // G, H, W)
    mean, var = g.mean(axis=(2, 3, 4), keepdims=True), g.var(axis=(2, 3, 4), keepdims=True)
    hat = ((g - mean) / np.sqrt(var + eps)).reshape(x.shape)
    return hat * gamma + beta, (hat, np.sqrt(var + eps).reshape(N, G, 1), gamma, G)

# %% spatial_groupnorm_forward | right | loops over pictures and groups
def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    eps, size = gn_param.get("eps", 1e-5), C // G
    hat, std = np.zeros_like(x), np.zeros((N, G, 1))
    for n in range(N):
        for g in range(G):
            part = x[n, g * size : (g + 1) * size]
            std[n, g] = np.sqrt(part.var() + eps)
            hat[n, g * size : (g + 1) * size] = (part - part.mean()) / std[n, g]
    return gamma * hat + beta, (hat, std, gamma, G)

# %% spatial_groupnorm_forward | right | rows of a matrix, and its transpose
def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N = len(x)
    rows = x.reshape(N * G, -1).T
    std = np.sqrt(rows.var(axis=0) + gn_param.get("eps", 1e-5))
    hat = ((rows - rows.mean(axis=0)) / std).T.reshape(x.shape)
    return gamma * hat + beta, (hat, std.reshape(N, G, 1), gamma, G)

# %% spatial_groupnorm_forward | right | mean of squares
def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    g = x.reshape(len(x), G, -1)
    centred = g - np.sum(g, axis=-1, keepdims=True) / g.shape[-1]
    std = (np.einsum("ngm,ngm->ng", centred, centred)[..., None] / g.shape[-1] + gn_param.get("eps", 1e-5)) ** 0.5
    centred /= std
    hat = centred.reshape(x.shape)
    return gamma * hat + beta, (hat, std, gamma, G)

# %% spatial_groupnorm_forward | right | from the release
def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    rows = x.reshape(N, G, -1)
    mu = rows.mean(axis=2, keepdims=True)
    var = rows.var(axis=2, keepdims=True)
    root = np.sqrt(var + gn_param.get("eps", 1e-5))
    hat = (rows - mu) / root
    return hat.reshape(N, C, H, W) * gamma + beta, {"hat": hat, "root": root, "gamma": gamma}

# %% spatial_groupnorm_forward | wrong | groups of every G-th channel
#- groups = x.reshape(len(x), G, -1)
#+ N, C, H, W = x.shape
#+ groups = x.reshape(N, C // G, G, H * W).transpose(0, 2, 1, 3).reshape(N, G, -1)

# %% spatial_groupnorm_forward | slip | eps outside the root
#- std = np.sqrt((centred**2).mean(axis=2, keepdims=True) + gn_param.get("eps", 1e-5))
#+ std = np.sqrt((centred**2).mean(axis=2, keepdims=True)) + gn_param.get("eps", 1e-5)

# %% spatial_groupnorm_forward | wrong | unbiased variance
#- std = np.sqrt((centred**2).mean(axis=2, keepdims=True) + gn_param.get("eps", 1e-5))
#+ std = np.sqrt(groups.var(axis=2, keepdims=True, ddof=1) + gn_param.get("eps", 1e-5))

# %% spatial_groupnorm_forward | slip | ignores eps
#- std = np.sqrt((centred**2).mean(axis=2, keepdims=True) + gn_param.get("eps", 1e-5))
#+ std = np.sqrt((centred**2).mean(axis=2, keepdims=True) + 1e-5)

# %% spatial_groupnorm_forward | wrong | eps must be given
#- std = np.sqrt((centred**2).mean(axis=2, keepdims=True) + gn_param.get("eps", 1e-5))
#+ std = np.sqrt((centred**2).mean(axis=2, keepdims=True) + gn_param["eps"])

# %% spatial_groupnorm_forward | wrong | statistics over the batch
#- centred = groups - groups.mean(axis=2, keepdims=True)
#+ centred = groups - groups.mean(axis=(0, 2), keepdims=True)

# %% spatial_groupnorm_forward | wrong | divides by the variance
#- std = np.sqrt((centred**2).mean(axis=2, keepdims=True) + gn_param.get("eps", 1e-5))
#+ std = (centred**2).mean(axis=2, keepdims=True) + gn_param.get("eps", 1e-5)

# %% spatial_groupnorm_forward | wrong | beta forgotten
#- return gamma * normal + beta, (normal, std, gamma, G)
#+ return gamma * normal, (normal, std, gamma, G)

# %% spatial_groupnorm_forward | slip | changes x
#- centred = groups - groups.mean(axis=2, keepdims=True)
#+ groups -= groups.mean(axis=2, keepdims=True)
#+ centred = groups

# %% spatial_groupnorm_forward | wrong | G channels a group
#- groups = x.reshape(len(x), G, -1)
#+ groups = x.reshape(len(x), x.shape[1] // G, -1)

# %% spatial_groupnorm_backward | right | five axes
def spatial_groupnorm_backward(dout, cache):
    hat, std, gamma, G = cache
    N, C, H, W = dout.shape
    five = (N, G, C // G, H, W)
    d, h = (dout * gamma).reshape(five), hat.reshape(five)
    axes = (2, 3, 4)
    dx = d - d.mean(axis=axes, keepdims=True) - h * (d * h).mean(axis=axes, keepdims=True)
    dx = dx / std.reshape(N, G, 1, 1, 1)
    return (
        dx.reshape(dout.shape),
        np.sum(dout * hat, axis=(0, 2, 3)).reshape(1, C, 1, 1),
        np.sum(dout, axis=(0, 2, 3)).reshape(1, C, 1, 1),
    )

# %% spatial_groupnorm_backward | right | loops over pictures and groups
def spatial_groupnorm_backward(dout, cache):
    hat, std, gamma, G = cache
    N, C = dout.shape[:2]
    size, d, dx = C // G, dout * gamma, np.zeros_like(dout)
    for n in range(N):
        for g in range(G):
            at = np.s_[n, g * size : (g + 1) * size]
            dx[at] = (d[at] - d[at].mean() - hat[at] * np.mean(d[at] * hat[at])) / std[n, g]
    return dx, (dout * hat).sum((0, 2, 3), keepdims=True), dout.sum((0, 2, 3), keepdims=True)

# %% spatial_groupnorm_backward | right | sums and M
def spatial_groupnorm_backward(dout, cache):
    hat, std, gamma, G = cache
    d = (dout * gamma).reshape(len(dout), G, -1)
    h = hat.reshape(d.shape)
    M = d.shape[2]
    dx = (M * d - d.sum(axis=2, keepdims=True) - h * np.einsum("ngm,ngm->ng", d, h)[:, :, None]) / (M * std)
    dgamma = np.einsum("nchw,nchw->c", dout, hat)[None, :, None, None]
    return dx.reshape(dout.shape), dgamma, np.einsum("nchw->c", dout)[None, :, None, None]

# %% spatial_groupnorm_backward | right | in steps through mean and variance
def spatial_groupnorm_backward(dout, cache):
    hat, std, gamma, G = cache
    N = len(dout)
    dhat, h = (dout * gamma).reshape(N, G, -1), hat.reshape(N, G, -1)
    M = h.shape[2]
    dvar = (dhat * h).sum(axis=2, keepdims=True) * -0.5 / std**2
    dcentred = dhat / std + dvar * 2 / M * (h * std)
    dx = dcentred - dcentred.sum(axis=2, keepdims=True) / M
    axes = (0, 2, 3)
    return dx.reshape(dout.shape), (dout * hat).sum(axes, keepdims=True), dout.sum(axes, keepdims=True)

# %% spatial_groupnorm_backward | right | from the release
def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    rows = x.reshape(N, G, -1)
    mu = rows.mean(axis=2, keepdims=True)
    var = rows.var(axis=2, keepdims=True)
    root = np.sqrt(var + gn_param.get("eps", 1e-5))
    hat = (rows - mu) / root
    return hat.reshape(N, C, H, W) * gamma + beta, {"hat": hat, "root": root, "gamma": gamma}

def spatial_groupnorm_backward(dout, cache):
    hat, root = cache["hat"], cache["root"]
    dhat = np.reshape(cache["gamma"] * dout, hat.shape)
    dx = dhat - dhat.mean(axis=2, keepdims=True) - hat * np.mean(dhat * hat, axis=2, keepdims=True)
    dgamma = np.einsum("nchw,nchw->c", dout, hat.reshape(dout.shape)).reshape(1, -1, 1, 1)
    dbeta = np.einsum("nchw->c", dout).reshape(1, -1, 1, 1)
    return (dx / root).reshape(dout.shape), dgamma, dbeta

# %% spatial_groupnorm_backward | wrong | gamma after the means
#- dnormal = (dout * gamma).reshape(len(dout), G, -1)
#+ dnormal = dout.reshape(len(dout), G, -1)
#- return dgroups.reshape(dout.shape), dgamma, dbeta
#+ return gamma * dgroups.reshape(dout.shape), dgamma, dbeta

# %% spatial_groupnorm_backward | wrong | forgets the path through the mean
#- dgroups = (dnormal - dnormal.mean(axis=2, keepdims=True) - along) / std
#+ dgroups = (dnormal - along) / std

# %% spatial_groupnorm_backward | wrong | forgets the path through the variance
#- dgroups = (dnormal - dnormal.mean(axis=2, keepdims=True) - along) / std
#+ dgroups = (dnormal - dnormal.mean(axis=2, keepdims=True)) / std

# %% spatial_groupnorm_backward | wrong | gradients of shape (C,)
#- dgamma = (dout * normal).sum(axis=(0, 2, 3), keepdims=True)
#- dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
#+ dgamma = (dout * normal).sum(axis=(0, 2, 3))
#+ dbeta = dout.sum(axis=(0, 2, 3))

# %% spatial_groupnorm_backward | wrong | a gradient for each group
#- dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
#+ dbeta = np.repeat(dout.reshape(len(dout), G, -1).sum(axis=(0, 2)), dout.shape[1] // G).reshape(gamma.shape)

# %% spatial_groupnorm_backward | wrong | forgets the standard deviation
#- dgroups = (dnormal - dnormal.mean(axis=2, keepdims=True) - along) / std
#+ dgroups = dnormal - dnormal.mean(axis=2, keepdims=True) - along

# %% spatial_groupnorm_backward | wrong | divides by the variance
#- dgroups = (dnormal - dnormal.mean(axis=2, keepdims=True) - along) / std
#+ dgroups = (dnormal - dnormal.mean(axis=2, keepdims=True) - along) / std**2

# %% spatial_groupnorm_backward | wrong | means over the batch
#- dgroups = (dnormal - dnormal.mean(axis=2, keepdims=True) - along) / std
#+ dgroups = (dnormal - dnormal.mean(axis=(0, 2), keepdims=True) - along) / std

# %% spatial_groupnorm_backward | slip | changes dout
#- dnormal = (dout * gamma).reshape(len(dout), G, -1)
#+ dout *= gamma
#+ dnormal = dout.reshape(len(dout), G, -1)

# %% count_parameters | right | running shape
def count_parameters(input_shape, layers, bias=True):
    counts, shape = [], tuple(input_shape)
    for layer, after in zip(layers, output_shapes(input_shape, layers)):
        n = 0
        if layer["kind"] == "conv":
            n = layer["filters"] * shape[0] * layer["field"] * layer["field"]
            n += layer["filters"] if bias else 0
        elif layer["kind"] == "fc":
            n = int(np.prod(shape)) * layer["units"]
            n += layer["units"] if bias else 0
        counts.append(n)
        shape = after
    return counts

# %% count_parameters | right | channels go along
def count_parameters(input_shape, layers, bias=True):
    inputs = [input_shape] + output_shapes(input_shape, layers)[:-1]
    def one(layer, shape):
        if layer["kind"] == "conv":
            fan_in, units = shape[0] * layer["field"] ** 2, layer["filters"]
        elif layer["kind"] == "fc":
            fan_in, units = math.prod(shape), layer["units"]
        else:
            return 0
        return (fan_in + int(bias)) * units
    return [one(layer, shape) for layer, shape in zip(layers, inputs)]

# %% count_parameters | right | an array, with the weights' shapes built
def count_parameters(input_shape, layers, bias=True):
    shape, result = input_shape, []
    for layer, after in zip(layers, output_shapes(input_shape, layers)):
        weights = {"conv": (layer.get("filters", 0), shape[0], layer.get("field", 0), layer.get("field", 0)), "fc": (math.prod(shape), layer.get("units", 0)), "pool": (0,)}[layer["kind"]]
        biases = after[0] if bias and layer["kind"] != "pool" else 0
        result.append(math.prod(weights) + biases)
        shape = after
    return np.array(result, dtype=int)

# %% count_parameters | right | match
def count_parameters(input_shape, layers, bias=True):
    counts = []
    before = list(input_shape)
    for layer, after in zip(layers, output_shapes(input_shape, layers)):
        match layer:
            case {"kind": "conv", "filters": f, "field": k}:
                counts.append(f * before[0] * k * k + bias * f)
            case {"kind": "fc", "units": m}:
                counts.append(m * math.prod(before) + bias * m)
            case _:
                counts.append(0)
        before = after
    return counts

# %% count_parameters | right | from the release
def count_parameters(input_shape, layers, bias=True):
    shapes = [tuple(input_shape)] + output_shapes(input_shape, layers)
    result = []
    for k, layer in enumerate(layers):
        before = shapes[k]
        if layer["kind"] == "conv":
            F, K = layer["filters"], layer["field"]
            n = F * before[0] * K * K + (F if bias else 0)
        elif layer["kind"] == "fc":
            D = 1
            for size in before:
                D *= size
            n = D * layer["units"] + (layer["units"] if bias else 0)
        else:
            n = 0
        result.append(n)
    return result

# %% count_parameters | wrong | forgets the channels
#- counts.append(layer["filters"] * (before[0] * layer["field"] ** 2 + bias))
#+ counts.append(layer["filters"] * (layer["field"] ** 2 + bias))

# %% count_parameters | wrong | always counts biases
#- counts.append(layer["filters"] * (before[0] * layer["field"] ** 2 + bias))
#+ counts.append(layer["filters"] * (before[0] * layer["field"] ** 2 + 1))

# %% count_parameters | wrong | one bias a layer
#- counts.append(layer["filters"] * (before[0] * layer["field"] ** 2 + bias))
#+ counts.append(layer["filters"] * before[0] * layer["field"] ** 2 + bias)

# %% count_parameters | wrong | weights for every place
#- counts.append(layer["filters"] * (before[0] * layer["field"] ** 2 + bias))
#+ counts.append(layer["filters"] * (before[0] * layer["field"] ** 2 + bias) * before[1] * before[2])

# %% count_parameters | wrong | pooling has weights
#- counts.append(0)
#+ counts.append(layer["field"] ** 2)

# %% count_parameters | wrong | leaves pooling out of the list
#- counts.append(0)
#+ continue

# %% count_parameters | wrong | affine layers see channels only
#- counts.append(layer["units"] * (math.prod(before) + bias))
#+ counts.append(layer["units"] * (before[0] + bias))

# %% count_parameters | wrong | affine layers see a square picture
#- counts.append(layer["units"] * (math.prod(before) + bias))
#+ counts.append(layer["units"] * ((before[0] * before[1] ** 2 if len(before) > 1 else before[0]) + bias))

# %% count_parameters | wrong | the sum
#- return counts
#+ return sum(counts)

# %% count_activations | right | numpy product
def count_activations(input_shape, layers):
    return [int(np.prod(shape)) for shape in output_shapes(input_shape, layers)]

# %% count_activations | right | a loop
def count_activations(input_shape, layers):
    counts = []
    for shape in output_shapes(input_shape, layers):
        n = 1
        for size in shape:
            n *= size
        counts.append(n)
    return counts

# %% count_activations | right | map
def count_activations(input_shape, layers):
    return list(map(math.prod, output_shapes(input_shape, layers)))

# %% count_activations | right | without output_shapes
def count_activations(input_shape, layers):
    C, H, W = input_shape
    counts = []
    for layer in layers:
        if layer["kind"] == "fc":
            C, H, W = layer["units"], 1, 1
        else:
            H = conv_output_size(H, layer["field"], layer["stride"], layer["pad"])
            W = conv_output_size(W, layer["field"], layer["stride"], layer["pad"])
            C = layer["filters"] if layer["kind"] == "conv" else C
        counts.append(C * H * W)
    return counts

# %% count_activations | right | from the release
def count_activations(input_shape, layers):
    counts = []
    for shape in output_shapes(input_shape, layers):
        counts.append(int(np.prod(shape)))
    return counts

# %% count_activations | wrong | with the picture
#- return [math.prod(shape) for shape in output_shapes(input_shape, layers)]
#+ return [math.prod(shape) for shape in [input_shape, *output_shapes(input_shape, layers)]]

# %% count_activations | wrong | bytes
#- return [math.prod(shape) for shape in output_shapes(input_shape, layers)]
#+ return [4 * math.prod(shape) for shape in output_shapes(input_shape, layers)]

# %% count_activations | wrong | one map only
#- return [math.prod(shape) for shape in output_shapes(input_shape, layers)]
#+ return [math.prod(shape[1:]) for shape in output_shapes(input_shape, layers)]

# %% count_activations | wrong | what goes in
#- return [math.prod(shape) for shape in output_shapes(input_shape, layers)]
#+ return [math.prod(shape) for shape in [input_shape, *output_shapes(input_shape, layers)[:-1]]]

# %% count_activations | wrong | square maps
#- return [math.prod(shape) for shape in output_shapes(input_shape, layers)]
#+ return [shape[0] * shape[-1] ** 2 if len(shape) == 3 else shape[0] for shape in output_shapes(input_shape, layers)]

# %% count_activations | wrong | without pooling
#- return [math.prod(shape) for shape in output_shapes(input_shape, layers)]
#+ return [math.prod(shape) for shape, layer in zip(output_shapes(input_shape, layers), layers) if layer["kind"] != "pool"]

# %% count_multiply_adds | right | if and else
def count_multiply_adds(input_shape, layers):
    counts, shape = [], input_shape
    for layer, after in zip(layers, output_shapes(input_shape, layers)):
        if layer["kind"] == "conv":
            F, H, W = after
            counts.append(F * H * W * shape[0] * layer["field"] ** 2)
        elif layer["kind"] == "fc":
            counts.append(layer["units"] * math.prod(shape))
        else:
            counts.append(0)
        shape = after
    return counts

# %% count_multiply_adds | right | from parameters and places
def count_multiply_adds(input_shape, layers):
    weights = count_parameters(input_shape, layers, bias=False)
    shapes = output_shapes(input_shape, layers)
    return [n * math.prod(shape[1:]) for n, shape in zip(weights, shapes)]

# %% count_multiply_adds | right | numpy
def count_multiply_adds(input_shape, layers):
    after = output_shapes(input_shape, layers)
    before = [tuple(input_shape), *after]
    outs = np.array([math.prod(s) for s in after])
    each = np.array(
        [0 if l["kind"] == "pool" else b[0] * l["field"] ** 2 if l["kind"] == "conv" else math.prod(b) for l, b in zip(layers, before)]
    )
    return (outs * each).tolist()

# %% count_multiply_adds | right | own walk through the shapes
def count_multiply_adds(input_shape, layers):
    C, H, W = input_shape
    work = []
    for l in layers:
        if l["kind"] == "fc":
            work.append(C * H * W * l["units"])
            C, H, W = l["units"], 1, 1
            continue
        H2 = (H + 2 * l["pad"] - l["field"]) // l["stride"] + 1
        W2 = (W + 2 * l["pad"] - l["field"]) // l["stride"] + 1
        if l["kind"] == "conv":
            work.append(l["filters"] * H2 * W2 * C * l["field"] ** 2)
            C = l["filters"]
        else:
            work.append(0)
        H, W = H2, W2
    return work

# %% count_multiply_adds | right | from the release
def count_multiply_adds(input_shape, layers):
    shapes = [tuple(input_shape)] + output_shapes(input_shape, layers)
    counts = []
    for k, layer in enumerate(layers):
        if layer["kind"] == "conv":
            each = shapes[k][0] * layer["field"] ** 2
        elif layer["kind"] == "fc":
            each = int(np.prod(shapes[k]))
        else:
            each = 0
        counts.append(int(np.prod(shapes[k + 1])) * each)
    return counts

# %% count_multiply_adds | wrong | forgets the input's channels
#- cost = {"conv": before[0] * layer.get("field", 0) ** 2, "pool": 0, "fc": math.prod(before)}
#+ cost = {"conv": layer.get("field", 0) ** 2, "pool": 0, "fc": math.prod(before)}

# %% count_multiply_adds | wrong | the size of the input in place of the output's
#- counts.append(math.prod(after) * cost[layer["kind"]])
#+ counts.append((after[0] * math.prod(before[1:]) if layer["kind"] == "conv" else math.prod(after)) * cost[layer["kind"]])

# %% count_multiply_adds | wrong | counts biases
#- cost = {"conv": before[0] * layer.get("field", 0) ** 2, "pool": 0, "fc": math.prod(before)}
#+ cost = {"conv": before[0] * layer.get("field", 0) ** 2 + 1, "pool": 0, "fc": math.prod(before) + 1}

# %% count_multiply_adds | wrong | multiplications and additions apart
#- counts.append(math.prod(after) * cost[layer["kind"]])
#+ counts.append(2 * math.prod(after) * cost[layer["kind"]])

# %% count_multiply_adds | wrong | pooling multiplies
#- cost = {"conv": before[0] * layer.get("field", 0) ** 2, "pool": 0, "fc": math.prod(before)}
#+ cost = {"conv": before[0] * layer.get("field", 0) ** 2, "pool": layer.get("field", 0) ** 2, "fc": math.prod(before)}

# %% count_multiply_adds | wrong | channels of the output twice
#- cost = {"conv": before[0] * layer.get("field", 0) ** 2, "pool": 0, "fc": math.prod(before)}
#+ cost = {"conv": after[0] * layer.get("field", 0) ** 2, "pool": 0, "fc": math.prod(before)}

# %% count_multiply_adds | wrong | never moves on
#- before = after
#+ pass

# %% receptive_field | right | backwards from the top
def receptive_field(layers):
    fields = []
    for top in range(1, len(layers) + 1):
        size = 1
        for layer in reversed(layers[:top]):
            size = (size - 1) * layer["stride"] + layer["field"]
        fields.append(size)
    return fields

# %% receptive_field | right | products of strides
def receptive_field(layers):
    jumps = np.cumprod([1] + [layer["stride"] for layer in layers])
    steps = [(layer["field"] - 1) * int(jump) for layer, jump in zip(layers, jumps)]
    return [1 + sum(steps[: i + 1]) for i in range(len(steps))]

# %% receptive_field | right | left and right ends
def receptive_field(layers):
    first, last, jump, fields = 0, 0, 1, []
    for layer in layers:
        last = last + jump * (layer["field"] - 1)
        jump = jump * layer["stride"]
        fields.append(last - first + 1)
    return fields

# %% receptive_field | right | accumulate
from itertools import accumulate

def receptive_field(layers):
    grown = accumulate(layers, lambda a, l: (a[0] + (l["field"] - 1) * a[1], a[1] * l["stride"]), initial=(1, 1))
    return [field for field, _ in grown][1:]

# %% receptive_field | right | from the release
def receptive_field(layers):
    r, j = 1, 1
    out = []
    for layer in layers:
        r = r + (layer["field"] - 1) * j
        j = j * layer["stride"]
        out.append(r)
    return out

# %% receptive_field | wrong | ignores strides
#- field += (layer["field"] - 1) * jump
#+ field += layer["field"] - 1

# %% receptive_field | wrong | a layer's own stride counts at once
#- field += (layer["field"] - 1) * jump
#- jump *= layer["stride"]
#+ jump *= layer["stride"]
#+ field += (layer["field"] - 1) * jump

# %% receptive_field | wrong | forgets the minus 1
#- field += (layer["field"] - 1) * jump
#+ field += layer["field"] * jump

# %% receptive_field | wrong | strides add
#- jump *= layer["stride"]
#+ jump += layer["stride"] - 1

# %% receptive_field | wrong | the last stride only
#- jump *= layer["stride"]
#+ jump = layer["stride"]

# %% receptive_field | wrong | pooling is left out
#- field += (layer["field"] - 1) * jump
#+ field += (layer["field"] - 1) * jump if layer["kind"] == "conv" else 0

# %% receptive_field | wrong | the last layer only
#- return fields
#+ return field

# %% inception_output_shape | right | loops
def inception_output_shape(input_shape, branches):
    total, size = 0, None
    for branch in branches:
        c, h, w = output_shapes(input_shape, branch)[-1]
        if size is not None and size != (h, w):
            raise ValueError("sizes differ")
        size = (h, w)
        total += c
    return (total, size[0], size[1])

# %% inception_output_shape | right | zip
def inception_output_shape(input_shape, branches):
    channels, heights, widths = zip(*(output_shapes(input_shape, b)[-1] for b in branches))
    if min(heights) != max(heights) or min(widths) != max(widths):
        raise ValueError("cannot stack")
    return sum(channels), heights[0], widths[0]

# %% inception_output_shape | right | let NumPy stack
def inception_output_shape(input_shape, branches):
    outs = [np.empty(output_shapes(input_shape, b)[-1]) for b in branches]
    return np.concatenate(outs, axis=0).shape

# %% inception_output_shape | right | compares with the first
def inception_output_shape(input_shape, branches):
    first, *others = [output_shapes(input_shape, b)[-1] for b in branches]
    if any(o[1:] != first[1:] for o in others):
        raise ValueError(f"{first} beside {others}")
    return [first[0] + sum(o[0] for o in others), first[1], first[2]]

# %% inception_output_shape | right | from the release
def inception_output_shape(input_shape, branches):
    C, size = 0, None
    for branch in branches:
        c, h, w = output_shapes(input_shape, branch)[-1]
        if size is not None and size != (h, w):
            raise ValueError(f"a branch of {h}x{w} cannot be stacked on {size[0]}x{size[1]}")
        C, size = C + c, (h, w)
    return (C,) + size

# %% inception_output_shape | slip | refuses nothing
#- if len({shape[1:] for shape in shapes}) > 1:
#+ if False:

# %% inception_output_shape | slip | looks at the first and the last branch only
#- if len({shape[1:] for shape in shapes}) > 1:
#+ if shapes[0][1:] != shapes[-1][1:]:

# %% inception_output_shape | wrong | size of the input
#- return (sum(shape[0] for shape in shapes), *shapes[0][1:])
#+ return (sum(shape[0] for shape in shapes), *input_shape[1:])

# %% inception_output_shape | wrong | the first layer of each branch
#- shapes = [output_shapes(input_shape, branch)[-1] for branch in branches]
#+ shapes = [output_shapes(input_shape, branch)[0] for branch in branches]

# %% inception_output_shape | wrong | adds the branches up like a residual
#- return (sum(shape[0] for shape in shapes), *shapes[0][1:])
#+ return shapes[0]

# %% inception_output_shape | wrong | channels last
#- return (sum(shape[0] for shape in shapes), *shapes[0][1:])
#+ return (*shapes[0][1:], sum(shape[0] for shape in shapes))

# %% inception_output_shape | slip | an assertion in place of a ValueError
#- raise ValueError(f"branches of different sizes cannot be stacked: {shapes}")
#+ raise AssertionError("branches of different sizes cannot be stacked")

# %% bottleneck_parameters | right | three terms
def bottleneck_parameters(channels, reduced, field=3):
    down = channels * reduced
    middle = reduced * reduced * field * field
    up = reduced * channels
    return down + middle + up

# %% bottleneck_parameters | right | with count_parameters
def bottleneck_parameters(channels, reduced, field=3):
    layers = [conv(reduced, 1), conv(reduced, field, pad=field), conv(channels, 1)]
    return sum(count_parameters((channels, 1, 1), layers, bias=False))

# %% bottleneck_parameters | right | factored
def bottleneck_parameters(channels, reduced, field=3):
    return reduced * (2 * channels + reduced * field**2)

# %% bottleneck_parameters | right | shapes
def bottleneck_parameters(channels, reduced, field=3):
    shapes = [(reduced, channels, 1, 1), (reduced, reduced, field, field), (channels, reduced, 1, 1)]
    return sum(math.prod(shape) for shape in shapes)

# %% bottleneck_parameters | right | from the release
def bottleneck_parameters(channels, reduced, field=3):
    down = channels * reduced
    middle = reduced * reduced * field * field
    up = reduced * channels
    return down + middle + up

# %% bottleneck_parameters | wrong | forgets the way up
#- return 2 * channels * reduced + reduced**2 * field**2
#+ return channels * reduced + reduced**2 * field**2

# %% bottleneck_parameters | wrong | with biases
#- return 2 * channels * reduced + reduced**2 * field**2
#+ return 2 * channels * reduced + reduced**2 * field**2 + 2 * reduced + channels

# %% bottleneck_parameters | wrong | always 3x3
#- return 2 * channels * reduced + reduced**2 * field**2
#+ return 2 * channels * reduced + reduced**2 * 9

# %% bottleneck_parameters | wrong | the middle layer goes back to all channels
#- return 2 * channels * reduced + reduced**2 * field**2
#+ return 2 * channels * reduced + reduced * channels * field**2

# %% bottleneck_parameters | wrong | field not squared
#- return 2 * channels * reduced + reduced**2 * field**2
#+ return 2 * channels * reduced + reduced**2 * field

# %% residual_block_forward | right | np.maximum
def residual_block_forward(x, w1, b1, w2, b2):
    param = {"stride": 1, "pad": 1}
    a, c1 = conv_forward_im2col(x, w1, b1, param)
    h = np.maximum(a, 0)
    z, c2 = conv_forward_im2col(h, w2, b2, param)
    s = z + x
    return np.maximum(s, 0), (c1, a, c2, s)

# %% residual_block_forward | right | in place on its own array
def residual_block_forward(x, w1, b1, w2, b2):
    param = {"stride": 1, "pad": 1}
    out, c1 = conv_forward_im2col(x, w1, b1, param)
    out, r1 = relu_forward(out)
    out, c2 = conv_forward_im2col(out, w2, b2, param)
    out += x
    out, r2 = relu_forward(out)
    return out, (c1, r1, c2, r2)

# %% residual_block_forward | right | naive convolutions
def residual_block_forward(x, w1, b1, w2, b2):
    param = dict(stride=1, pad=1)
    h, _ = conv_forward_naive(x, w1, b1, param)
    h, r1 = relu_forward(h)
    z, _ = conv_forward_naive(h, w2, b2, param)
    out, r2 = relu_forward(z + x)
    return out, ((x, w1, param), r1, (h, w2, param), r2)

# %% residual_block_forward | right | a helper for conv and relu
def conv_same(x, w, b):
    return conv_forward_im2col(x, w, b, {"stride": 1, "pad": 1})

def residual_block_forward(x, w1, b1, w2, b2):
    h, c1 = conv_same(x, w1, b1)
    h, r1 = relu_forward(h)
    z, c2 = conv_same(h, w2, b2)
    out, r2 = relu_forward(np.add(x, z))
    return out, (c1, r1, c2, r2)

# %% residual_block_forward | right | from the release
def residual_block_forward(x, w1, b1, w2, b2):
    param = {"stride": 1, "pad": 1}
    a, c1 = conv_forward_im2col(x, w1, b1, param)
    h, r1 = relu_forward(a)
    change, c2 = conv_forward_im2col(h, w2, b2, param)
    out, r2 = relu_forward(change + x)
    return out, {"conv1": c1, "relu1": r1, "conv2": c2, "relu2": r2}

# %% residual_block_forward | wrong | no way around
#- out, relu2 = relu_forward(x + change)
#+ out, relu2 = relu_forward(change)

# %% residual_block_forward | wrong | x is added after the last ReLU
#- out, relu2 = relu_forward(x + change)
#+ out, relu2 = relu_forward(change)
#+ out = out + x

# %% residual_block_forward | wrong | no ReLU in between
#- hidden, relu1 = relu_forward(hidden)
#+ relu1 = hidden

# %% residual_block_forward | wrong | no ReLU at the end
#- out, relu2 = relu_forward(x + change)
#+ out = relu2 = x + change

# %% residual_block_forward | slip | adds into x
#- out, relu2 = relu_forward(x + change)
#+ x += change
#+ out, relu2 = relu_forward(x)

# %% residual_block_forward | wrong | the first filters twice
#- change, conv2 = conv_forward_im2col(hidden, w2, b2, same)
#+ change, conv2 = conv_forward_im2col(hidden, w1.transpose(1, 0, 2, 3), b2, same)

# %% residual_block_forward | wrong | no cache
#- return out, (conv1, relu1, conv2, relu2)
#+ return out

# %% residual_block_backward | right | masks
def residual_block_forward(x, w1, b1, w2, b2):
    param = {"stride": 1, "pad": 1}
    a, c1 = conv_forward_im2col(x, w1, b1, param)
    z, c2 = conv_forward_im2col(np.maximum(a, 0), w2, b2, param)
    return np.maximum(x + z, 0), (c1, a > 0, c2, x + z > 0)

def residual_block_backward(dout, cache):
    c1, open1, c2, open2 = cache
    d = dout * open2
    dh, dw2, db2 = conv_backward_im2col(d, c2)
    dx, dw1, db1 = conv_backward_im2col(dh * open1, c1)
    return dx + d, dw1, db1, dw2, db2

# %% residual_block_backward | right | in place on its own array
def residual_block_backward(dout, cache):
    c1, r1, c2, r2 = cache
    d = relu_backward(dout, r2)
    dh, dw2, db2 = conv_backward_im2col(d, c2)
    dx, dw1, db1 = conv_backward_im2col(relu_backward(dh, r1), c1)
    dx += d
    return dx, dw1, db1, dw2, db2

# %% residual_block_backward | right | naive convolutions
def residual_block_backward(dout, cache):
    c1, r1, c2, r2 = cache
    d = relu_backward(dout, r2)
    dh, dw2, db2 = conv_backward_naive(d, c2)
    dx, dw1, db1 = conv_backward_naive(relu_backward(dh, r1), c1)
    return d + dx, dw1, db1, dw2, db2

# %% residual_block_backward | right | a list of gradients
def residual_block_backward(dout, cache):
    conv1, relu1, conv2, relu2 = cache
    around = relu_backward(dout, relu2)
    through, *second = conv_backward_im2col(around, conv2)
    through, *first = conv_backward_im2col(relu_backward(through, relu1), conv1)
    return [np.sum([around, through], axis=0), *first, *second]

# %% residual_block_backward | right | from the release
def residual_block_forward(x, w1, b1, w2, b2):
    param = {"stride": 1, "pad": 1}
    a, c1 = conv_forward_im2col(x, w1, b1, param)
    h, r1 = relu_forward(a)
    change, c2 = conv_forward_im2col(h, w2, b2, param)
    out, r2 = relu_forward(change + x)
    return out, {"conv1": c1, "relu1": r1, "conv2": c2, "relu2": r2}

def residual_block_backward(dout, cache):
    d = relu_backward(dout, cache["relu2"])
    dh, dw2, db2 = conv_backward_im2col(d, cache["conv2"])
    da = relu_backward(dh, cache["relu1"])
    dx, dw1, db1 = conv_backward_im2col(da, cache["conv1"])
    return dx + d, dw1, db1, dw2, db2

# %% residual_block_backward | wrong | nothing goes around
#- return dsum + dchange, dw1, db1, dw2, db2
#+ return dchange, dw1, db1, dw2, db2

# %% residual_block_backward | wrong | only what goes around
#- return dsum + dchange, dw1, db1, dw2, db2
#+ return dsum, dw1, db1, dw2, db2

# %% residual_block_backward | wrong | past the last ReLU
#- dsum = relu_backward(dout, relu2)
#+ dsum = dout

# %% residual_block_backward | wrong | past the last ReLU on the way around only
#- return dsum + dchange, dw1, db1, dw2, db2
#+ return dout + dchange, dw1, db1, dw2, db2

# %% residual_block_backward | wrong | past the ReLU in between
#- dchange, dw1, db1 = conv_backward_im2col(relu_backward(dhidden, relu1), conv1)
#+ dchange, dw1, db1 = conv_backward_im2col(dhidden, conv1)

# %% residual_block_backward | wrong | the two layers' gradients swapped
#- return dsum + dchange, dw1, db1, dw2, db2
#+ return dsum + dchange, dw2, db2, dw1, db1

# %% residual_block_backward | wrong | the mean of the two paths
#- return dsum + dchange, dw1, db1, dw2, db2
#+ return (dsum + dchange) / 2, dw1, db1, dw2, db2

# %% residual_block_backward | wrong | dx only
#- return dsum + dchange, dw1, db1, dw2, db2
#+ return dsum + dchange

# %% ThreeLayerConvNet | right | naive pooling, sandwich helpers
def conv_relu_pool(x, w, b, pad):
    a, c1 = conv_forward_im2col(x, w, b, {"stride": 1, "pad": pad})
    s, c2 = relu_forward(a)
    out, c3 = max_pool_forward_naive(s, {"pool_height": 2, "pool_width": 2, "stride": 2})
    return out.astype(x.dtype), (c1, c2, c3)

class ThreeLayerConvNet:
    def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0, dtype=np.float32, rng=None):
        self.params, self.reg, self.dtype = {}, reg, dtype
        rng = np.random.default_rng(rng)
        C, H, W = input_dim
        self.params["W1"] = rng.normal(0, weight_scale, (num_filters, C, filter_size, filter_size))
        self.params["b1"] = np.zeros(num_filters)
        self.params["W2"] = rng.normal(0, weight_scale, (num_filters * (H // 2) * (W // 2), hidden_dim))
        self.params["b2"] = np.zeros(hidden_dim)
        self.params["W3"] = rng.normal(0, weight_scale, (hidden_dim, num_classes))
        self.params["b3"] = np.zeros(num_classes)
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, X, y=None):
        p = self.params
        out1, cache1 = conv_relu_pool(X, p["W1"], p["b1"], (p["W1"].shape[2] - 1) // 2)
        out2, c2 = affine_forward(out1, p["W2"], p["b2"])
        out2, r2 = relu_forward(out2)
        scores, c3 = affine_forward(out2, p["W3"], p["b3"])
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        grads = {}
        d, grads["W3"], grads["b3"] = affine_backward(d, c3)
        d = relu_backward(d, r2)
        d, grads["W2"], grads["b2"] = affine_backward(d, c2)
        d = max_pool_backward_naive(d, cache1[2])
        d = relu_backward(d, cache1[1])
        d, grads["W1"], grads["b1"] = conv_backward_im2col(d, cache1[0])
        for k in "W1", "W2", "W3":
            loss += self.reg * np.sum(p[k] * p[k])
            grads[k] = grads[k] + 2 * self.reg * p[k]
        return loss, grads

# %% ThreeLayerConvNet | right | pooling before the ReLU, einsum penalty
#- out, relu1_cache = relu_forward(out)
#- out, pool_cache = max_pool_forward_fast(out, {"pool_height": 2, "pool_width": 2, "stride": 2})
#+ out, pool_cache = max_pool_forward_fast(out, {"pool_height": 2, "pool_width": 2, "stride": 2})
#+ out, relu1_cache = relu_forward(out)
#- dout = relu_backward(max_pool_backward_fast(dout, pool_cache), relu1_cache)
#+ dout = max_pool_backward_fast(relu_backward(dout, relu1_cache), pool_cache)

# %% ThreeLayerConvNet | right | standard_normal, norm
#- self.params[name] = (weight_scale * rng.normal(size=shape)).astype(dtype)
#+ self.params[name] = (weight_scale * rng.standard_normal(shape)).astype(dtype)
#- loss += self.reg * sum(np.sum(W * W) for W in (W1, W2, W3))
#+ loss += self.reg * sum(np.linalg.norm(W.ravel()) ** 2 for W in (W1, W2, W3))

# %% ThreeLayerConvNet | right | a list of layers
class ThreeLayerConvNet:
    def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0, dtype=np.float32, rng=None):
        self.params, self.reg = {}, reg
        rng = np.random.default_rng(rng)
        C, H, W = input_dim
        pooled = num_filters * (H // 2) * (W // 2)
        shapes = [(num_filters, C, filter_size, filter_size), (pooled, hidden_dim), (hidden_dim, num_classes)]
        for i, (shape, size) in enumerate(zip(shapes, (num_filters, hidden_dim, num_classes)), start=1):
            self.params[f"W{i}"] = np.asarray(weight_scale * rng.normal(size=shape), dtype=dtype)
            self.params[f"b{i}"] = np.zeros(size, dtype=dtype)
        same = {"stride": 1, "pad": (filter_size - 1) // 2}
        pool2 = {"pool_height": 2, "pool_width": 2, "stride": 2}
        self.steps = [
            (lambda x, w, b: conv_forward_im2col(x, w, b, same), conv_backward_im2col, 1),
            (relu_forward, relu_backward, None),
            (lambda x: max_pool_forward_fast(x, pool2), max_pool_backward_fast, None),
            (affine_forward, affine_backward, 2),
            (relu_forward, relu_backward, None),
            (affine_forward, affine_backward, 3),
        ]

    def loss(self, X, y=None):
        out, caches = X, []
        for forward, _, i in self.steps:
            out, cache = forward(out, self.params[f"W{i}"], self.params[f"b{i}"]) if i else forward(out)
            caches.append(cache)
        if y is None:
            return out
        loss, d = softmax_loss(out, y)
        grads = {}
        for (_, backward, i), cache in zip(reversed(self.steps), reversed(caches)):
            if i:
                d, dw, grads[f"b{i}"] = backward(d, cache)
                grads[f"W{i}"] = dw + 2 * self.reg * self.params[f"W{i}"]
                loss = loss + self.reg * float(np.sum(self.params[f"W{i}"] ** 2))
            else:
                d = backward(d, cache)
        return loss, grads

# %% ThreeLayerConvNet | right | from the release
class ThreeLayerConvNet:
    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
        rng=None,
    ):
        self.params, self.reg = {}, reg
        rng = np.random.default_rng(rng)
        C, H, W = input_dim
        flat = num_filters * (H // 2) * (W // 2)
        p = self.params
        p["W1"] = rng.normal(0, weight_scale, (num_filters, C, filter_size, filter_size))
        p["b1"] = np.zeros(num_filters)
        p["W2"] = rng.normal(0, weight_scale, (flat, hidden_dim))
        p["b2"] = np.zeros(hidden_dim)
        p["W3"] = rng.normal(0, weight_scale, (hidden_dim, num_classes))
        p["b3"] = np.zeros(num_classes)
        for k in p:
            p[k] = p[k].astype(dtype)

    def loss(self, X, y=None):
        p = self.params
        conv_param = {"stride": 1, "pad": (p["W1"].shape[2] - 1) // 2}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        a1, c1 = conv_forward_im2col(X, p["W1"], p["b1"], conv_param)
        a2, c2 = relu_forward(a1)
        a3, c3 = max_pool_forward_fast(a2, pool_param)
        a4, c4 = affine_forward(a3, p["W2"], p["b2"])
        a5, c5 = relu_forward(a4)
        scores, c6 = affine_forward(a5, p["W3"], p["b3"])
        if y is None:
            return scores
        loss, d = softmax_loss(scores, y)
        for k in ("W1", "W2", "W3"):
            loss = loss + self.reg * (p[k] ** 2).sum()
        g = {}
        d, g["W3"], g["b3"] = affine_backward(d, c6)
        d = relu_backward(d, c5)
        d, g["W2"], g["b2"] = affine_backward(d, c4)
        d = max_pool_backward_fast(d, c3)
        d = relu_backward(d, c2)
        _, g["W1"], g["b1"] = conv_backward_im2col(d, c1)
        for k in ("W1", "W2", "W3"):
            g[k] = g[k] + 2 * self.reg * p[k]
        return loss, g

# %% ThreeLayerConvNet | wrong | one half in the penalty
#- loss += self.reg * sum(np.sum(W * W) for W in (W1, W2, W3))
#+ loss += 0.5 * self.reg * sum(np.sum(W * W) for W in (W1, W2, W3))
#- grads[name] += 2 * self.reg * self.params[name]
#+ grads[name] += self.reg * self.params[name]

# %% ThreeLayerConvNet | wrong | the penalty's gradient without the 2
#- grads[name] += 2 * self.reg * self.params[name]
#+ grads[name] += self.reg * self.params[name]

# %% ThreeLayerConvNet | wrong | no penalty on the filters
#- loss += self.reg * sum(np.sum(W * W) for W in (W1, W2, W3))
#+ loss += self.reg * sum(np.sum(W * W) for W in (W2, W3))
#- for name in ("W1", "W2", "W3"):
#+ for name in ("W2", "W3"):

# %% ThreeLayerConvNet | wrong | no padding
#- same = {"stride": 1, "pad": W1.shape[2] // 2}
#+ same = {"stride": 1, "pad": 0}

# %% ThreeLayerConvNet | wrong | forgets the first ReLU on the way back
#- dout = relu_backward(max_pool_backward_fast(dout, pool_cache), relu1_cache)
#+ dout = max_pool_backward_fast(dout, pool_cache)

# %% ThreeLayerConvNet | wrong | forgets the second ReLU on the way back
#- dout, grads["W2"], grads["b2"] = affine_backward(relu_backward(dout, relu2_cache), affine1_cache)
#+ dout, grads["W2"], grads["b2"] = affine_backward(dout, affine1_cache)

# %% ThreeLayerConvNet | wrong | a ReLU on the scores
#- scores, affine2_cache = affine_forward(out, W3, self.params["b3"])
#+ scores, affine2_cache = affine_forward(out, W3, self.params["b3"])
#+ scores = np.maximum(scores, 0)

# %% ThreeLayerConvNet | wrong | square pictures only
#- "W2": (num_filters * (H // 2) * (W // 2), hidden_dim),
#+ "W2": (num_filters * (H // 2) * (H // 2), hidden_dim),

# %% ThreeLayerConvNet | slip | float64 whatever dtype says
#- self.params[name] = (weight_scale * rng.normal(size=shape)).astype(dtype)
#+ self.params[name] = weight_scale * rng.normal(size=shape)

# %% ThreeLayerConvNet | slip | ignores weight_scale
#- self.params[name] = (weight_scale * rng.normal(size=shape)).astype(dtype)
#+ self.params[name] = (0.001 * rng.normal(size=shape)).astype(dtype)

# %% ThreeLayerConvNet | slip | the global random state
#- self.params[name] = (weight_scale * rng.normal(size=shape)).astype(dtype)
#+ self.params[name] = (weight_scale * np.random.randn(*shape)).astype(dtype)

# %% ThreeLayerConvNet | slip | uniform weights, not centred
#- self.params[name] = (weight_scale * rng.normal(size=shape)).astype(dtype)
#+ self.params[name] = (weight_scale * rng.uniform(size=shape)).astype(dtype)

# %% ThreeLayerConvNet | wrong | penalises biases too
#- loss += self.reg * sum(np.sum(W * W) for W in (W1, W2, W3))
#+ loss += self.reg * sum(np.sum(W * W) for W in self.params.values())

# %% ThreeLayerConvNet | wrong | no gradient of the biases
#- return loss, grads
#+ return loss, {name: grads[name] for name in ("W1", "W2", "W3")}

# %% ThreeLayerConvNet | wrong | loss without gradients
#- return loss, grads
#+ return loss

# %% ThreeLayerConvNet | wrong | no ReLU between the affine layers
#- out, relu2_cache = relu_forward(out)
#+ relu2_cache = np.ones_like(out)

# %% conv_forward_naive | wrong | empties x before it looks
#- stride, pad = conv_param["stride"], conv_param["pad"]
#+ x[...] = 0
#+ stride, pad = conv_param["stride"], conv_param["pad"]

# %% conv_forward_naive | slip | refuses sizes that do not divide
#- stride, pad = conv_param["stride"], conv_param["pad"]
#+ stride, pad = conv_param["stride"], conv_param["pad"]
#+ assert (x.shape[2] + 2 * pad - w.shape[2]) % stride == 0 and (x.shape[3] + 2 * pad - w.shape[3]) % stride == 0

# %% conv_backward_naive | wrong | empties dout before it looks
#- x, w, conv_param = cache
#+ dout[...] = 0
#+ x, w, conv_param = cache

# %% max_pool_forward_naive | wrong | empties x before it looks
#- height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
#+ x[...] = 0
#+ height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]

# %% max_pool_backward_naive | wrong | empties dout before it looks
#- x, pool_param = cache
#+ dout[...] = 0
#+ x, pool_param = cache

# %% max_pool_backward_naive | slip | cuts off what follows the point if x holds integers
#- dx = np.zeros(x.shape)
#+ dx = np.zeros_like(x)

# %% im2col | wrong | empties x before it looks
#- N, C, _, _ = x.shape
#+ x[...] = 0
#+ N, C, _, _ = x.shape

# %% col2im | wrong | empties cols before it looks
#- N, C, H, W = x_shape
#+ cols[...] = 0
#+ N, C, H, W = x_shape

# %% col2im | slip | float64 becomes float32
#- return padded[:, :, pad : pad + H, pad : pad + W]
#+ return padded[:, :, pad : pad + H, pad : pad + W].astype(np.float32 if stride == 1 and pad == 0 else cols.dtype)

# %% max_pool_forward_fast | wrong | empties x before it looks
#- height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
#+ x[...] = 0
#+ height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]

# %% max_pool_backward_fast | wrong | empties dout before it looks
#- x, out, pool_param = cache
#+ dout[...] = 0
#+ x, out, pool_param = cache

# %% spatial_batchnorm_forward | wrong | empties x before it looks
#- N, C, H, W = x.shape
#+ x[...] = 0
#+ N, C, H, W = x.shape

# %% spatial_batchnorm_backward | wrong | empties dout before it looks
#- N, C, H, W = dout.shape
#+ dout[...] = 0
#+ N, C, H, W = dout.shape

# %% spatial_groupnorm_forward | wrong | empties x before it looks
#- groups = x.reshape(len(x), G, -1)
#+ x[...] = 0
#+ groups = x.reshape(len(x), G, -1)

# %% receptive_field | slip | empties the list while it reads
#- fields, field, jump = [], 1, 1
#- for layer in layers:
#+ fields, field, jump = [], 1, 1
#+ while layers:
#+     layer = layers.pop(0)

# %% inception_output_shape | slip | compares the widths only
#- if len({shape[1:] for shape in shapes}) > 1:
#+ if len({shape[2:] for shape in shapes}) > 1:

# %% residual_block_forward | wrong | empties x before it looks
#- same = {"stride": 1, "pad": 1}
#+ x[...] = 0
#+ same = {"stride": 1, "pad": 1}

# %% residual_block_backward | wrong | empties dout before it looks
#- conv1, relu1, conv2, relu2 = cache
#+ dout[...] = 0
#+ conv1, relu1, conv2, relu2 = cache

# %% ThreeLayerConvNet | slip | another weight_scale by default
#- weight_scale=1e-3,
#+ weight_scale=1e-2,

# %% ThreeLayerConvNet | slip | float64 by default
#- dtype=np.float32,
#+ dtype=np.float64,

# %% ThreeLayerConvNet | slip | float32 whatever dtype says
#- self.params[name] = (weight_scale * rng.normal(size=shape)).astype(dtype)
#+ self.params[name] = (weight_scale * rng.normal(size=shape)).astype(np.float32)

# %% ThreeLayerConvNet | slip | a penalty by default
#- reg=0.0,
#+ reg=0.1,
