using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sim.Physics.Numerics;

namespace Sim.Environments.Lanes;

/// <summary>Between lane fields (one register a field) and the public row-major buffers (one row an environment).</summary>
internal static unsafe class RowMajor
{
    /// <summary>Writes <paramref name="fields"/> lane fields to the first columns of <c>T.Width</c> rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<T>(T* source, int fields, float* rows, int rowStride) where T : unmanaged, ILane<T>
    {
        if (T.Width == 1)
        {
            for (int field = 0; field < fields; field++) rows[field] = ((float*)source)[field];
            return;
        }
        for (int lane = 0; lane < T.Width; lane += 8)
            WriteEight((float*)source + lane, T.Width, fields, rows + (lane * (long)rowStride), rowStride);
    }

    /// <summary>Reads the first columns of <c>T.Width</c> rows into lane fields.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read<T>(float* rows, int rowStride, int fields, T* target) where T : unmanaged, ILane<T>
    {
        if (rowStride == 1)
        {
            *target = T.Load(rows);
            return;
        }
        if (fields == 4 && rowStride == 4 && T.Width > 1 && Avx2.IsSupported)
        {
            for (int lane = 0; lane < T.Width; lane += 8) ReadEightOfFour(rows + (lane * 4), (float*)target + lane, T.Width);
            return;
        }
        for (int lane = 0; lane < T.Width; lane++)
        {
            for (int field = 0; field < fields; field++) ((float*)target)[(field * T.Width) + lane] = rows[(lane * rowStride) + field];
        }
    }

    /// <summary>Value of one lane of one field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Lane<T>(T* fields, int field, int lane) where T : unmanaged, ILane<T>
        => ((float*)fields)[(field * T.Width) + lane];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteEight(float* source, int fieldStride, int fields, float* rows, int rowStride)
    {
        int field = 0;
        for (; field + 8 <= fields; field += 8) TransposeEight(source + (field * fieldStride), fieldStride, rows + field, rowStride);
        if (field == fields) return;
        if (fields >= 8)
        {
            // The last block overlaps the one before it and writes the same values again.
            field = fields - 8;
            TransposeEight(source + (field * fieldStride), fieldStride, rows + field, rowStride);
            return;
        }
        for (int lane = 0; lane < 8; lane++)
        {
            for (int column = field; column < fields; column++) rows[(lane * rowStride) + column] = source[(column * fieldStride) + lane];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeEight(float* source, int stride, float* rows, int rowStride)
    {
        var a = Vector256.Load(source);
        var b = Vector256.Load(source + stride);
        var c = Vector256.Load(source + (2 * stride));
        var d = Vector256.Load(source + (3 * stride));
        var e = Vector256.Load(source + (4 * stride));
        var f = Vector256.Load(source + (5 * stride));
        var g = Vector256.Load(source + (6 * stride));
        var h = Vector256.Load(source + (7 * stride));
        if (Avx2.IsSupported)
        {
            var ab0 = Avx.UnpackLow(a, b);
            var ab1 = Avx.UnpackHigh(a, b);
            var cd0 = Avx.UnpackLow(c, d);
            var cd1 = Avx.UnpackHigh(c, d);
            var ef0 = Avx.UnpackLow(e, f);
            var ef1 = Avx.UnpackHigh(e, f);
            var gh0 = Avx.UnpackLow(g, h);
            var gh1 = Avx.UnpackHigh(g, h);
            var r0 = Avx.Shuffle(ab0, cd0, 0x44);
            var r1 = Avx.Shuffle(ab0, cd0, 0xEE);
            var r2 = Avx.Shuffle(ab1, cd1, 0x44);
            var r3 = Avx.Shuffle(ab1, cd1, 0xEE);
            var s0 = Avx.Shuffle(ef0, gh0, 0x44);
            var s1 = Avx.Shuffle(ef0, gh0, 0xEE);
            var s2 = Avx.Shuffle(ef1, gh1, 0x44);
            var s3 = Avx.Shuffle(ef1, gh1, 0xEE);
            Avx.Permute2x128(r0, s0, 0x20).Store(rows);
            Avx.Permute2x128(r1, s1, 0x20).Store(rows + rowStride);
            Avx.Permute2x128(r2, s2, 0x20).Store(rows + (2 * rowStride));
            Avx.Permute2x128(r3, s3, 0x20).Store(rows + (3 * rowStride));
            Avx.Permute2x128(r0, s0, 0x31).Store(rows + (4 * rowStride));
            Avx.Permute2x128(r1, s1, 0x31).Store(rows + (5 * rowStride));
            Avx.Permute2x128(r2, s2, 0x31).Store(rows + (6 * rowStride));
            Avx.Permute2x128(r3, s3, 0x31).Store(rows + (7 * rowStride));
            return;
        }
        for (int lane = 0; lane < 8; lane++)
            Vector256.Create(a[lane], b[lane], c[lane], d[lane], e[lane], f[lane], g[lane], h[lane]).Store(rows + (lane * rowStride));
    }

    /// <summary>Eight rows of four numbers: four loads of two rows each, then one transpose.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadEightOfFour(float* rows, float* target, int fieldStride)
    {
        var r04 = Vector256.Create(Vector128.Load(rows), Vector128.Load(rows + 16));
        var r15 = Vector256.Create(Vector128.Load(rows + 4), Vector128.Load(rows + 20));
        var r26 = Vector256.Create(Vector128.Load(rows + 8), Vector128.Load(rows + 24));
        var r37 = Vector256.Create(Vector128.Load(rows + 12), Vector128.Load(rows + 28));
        var low01 = Avx.UnpackLow(r04, r15);
        var high01 = Avx.UnpackHigh(r04, r15);
        var low23 = Avx.UnpackLow(r26, r37);
        var high23 = Avx.UnpackHigh(r26, r37);
        Avx.Shuffle(low01, low23, 0x44).Store(target);
        Avx.Shuffle(low01, low23, 0xEE).Store(target + fieldStride);
        Avx.Shuffle(high01, high23, 0x44).Store(target + (2 * fieldStride));
        Avx.Shuffle(high01, high23, 0xEE).Store(target + (3 * fieldStride));
    }
}
