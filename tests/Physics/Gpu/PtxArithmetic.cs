using System.Globalization;

namespace Sim.Tests.Physics.Gpu;

/// <summary>What each PTX instruction computes, on registers as 64-bit patterns. Only what the ISA defines exactly.</summary>
internal static class PtxArithmetic
{
    public delegate ulong Operation(ulong a, ulong b, ulong c);

    /// <summary>The operation of an instruction such as <c>add.rn.f32</c>.</summary>
    /// <exception cref="NotSupportedException">The instruction is not known here, or its result is not defined to the bit.</exception>
    public static Operation Find(string name)
    {
        string[] parts = name.Split('.');
        string type = parts[^1];
        return (parts[0], type) switch
        {
            ("mov", _) => (a, _, _) => a,
            ("selp", _) => (a, b, c) => c != 0 ? a : b,
            ("setp", "f32") => FloatComparison(parts[1], 1),
            ("setp", _) => IntegerComparison(parts[1], type),
            ("set", "f32") when parts[2] == "u32" => FloatComparison(parts[1], 0xFFFFFFFF),
            ("cvt", _) => Conversion(parts),
            (_, "f32") => FloatOperation(name),
            (_, "pred") => IntegerOperation(parts, 1, false),
            _ => IntegerOperation(parts, Bits(type), type[0] == 's'),
        };
    }

    /// <summary>Width of a type such as <c>u32</c>.</summary>
    public static int Bits(string type) => int.Parse(type.AsSpan(1), CultureInfo.InvariantCulture);

    private static float Float(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    private static Operation FloatOperation(string name)
    {
        return name switch
        {
            "add.rn.f32" => Of((a, b, _) => a + b),
            "sub.rn.f32" => Of((a, b, _) => a - b),
            "mul.rn.f32" => Of((a, b, _) => a * b),
            "div.rn.f32" => Of((a, b, _) => a / b),
            "rcp.rn.f32" => Of((a, _, _) => 1 / a),
            "sqrt.rn.f32" => Of((a, _, _) => MathF.Sqrt(a)),
            "fma.rn.f32" => Of(MathF.FusedMultiplyAdd),
            "neg.f32" => (a, _, _) => a ^ 0x80000000,
            "abs.f32" => (a, _, _) => a & 0x7FFFFFFF,
            // Of a number and NaN: the number.
            "min.f32" => Of((a, b, _) => float.MinNumber(a, b)),
            "max.f32" => Of((a, b, _) => float.MaxNumber(a, b)),
            _ => throw new NotSupportedException(name),
        };

        static Operation Of(Func<float, float, float, float> compute)
            => (a, b, c) => BitConverter.SingleToUInt32Bits(compute(Float(a), Float(b), Float(c)));
    }

    private static Operation FloatComparison(string relation, ulong holds)
    {
        // A trailing u means: or unordered.
        bool unordered = relation.Length == 3 && relation[^1] == 'u';
        Func<float, float, bool> compare = relation[..2] switch
        {
            "eq" => (a, b) => a == b,
            "ne" => (a, b) => a < b || a > b,
            "lt" => (a, b) => a < b,
            "le" => (a, b) => a <= b,
            "gt" => (a, b) => a > b,
            "ge" => (a, b) => a >= b,
            _ => throw new NotSupportedException(relation),
        };
        return (a, b, _) => compare(Float(a), Float(b)) || (unordered && (float.IsNaN(Float(a)) || float.IsNaN(Float(b)))) ? holds : 0;
    }

    private static Operation IntegerComparison(string relation, string type)
    {
        int bits = Bits(type);
        bool signed = type[0] == 's';
        Func<int, bool> holds = relation switch
        {
            "eq" => order => order == 0,
            "ne" => order => order != 0,
            "lt" or "lo" => order => order < 0,
            "le" or "ls" => order => order <= 0,
            "gt" or "hi" => order => order > 0,
            "ge" or "hs" => order => order >= 0,
            _ => throw new NotSupportedException(relation),
        };
        return (a, b, _) => holds(signed ? Signed(a, bits).CompareTo(Signed(b, bits)) : Cut(a, bits).CompareTo(Cut(b, bits))) ? 1ul : 0;
    }

    private static Operation IntegerOperation(string[] parts, int bits, bool signed)
    {
        Operation compute = parts[0] switch
        {
            "add" => (a, b, _) => a + b,
            "sub" => (a, b, _) => a - b,
            "mul" when parts[1] == "lo" => (a, b, _) => a * b,
            "mul" when parts[1] == "wide" && !signed => (a, b, _) => Cut(a, bits) * Cut(b, bits),
            "mul" when parts[1] == "wide" => (a, b, _) => (ulong)(Signed(a, bits) * Signed(b, bits)),
            "mad" when parts[1] == "lo" => (a, b, c) => (a * b) + c,
            "and" => (a, b, _) => a & b,
            "or" => (a, b, _) => a | b,
            "xor" => (a, b, _) => a ^ b,
            "not" => (a, _, _) => ~a,
            "neg" => (a, _, _) => 0 - a,
            "shl" => (a, b, _) => b >= (ulong)bits ? 0 : a << (int)b,
            "shr" when signed => (a, b, _) => (ulong)(Signed(a, bits) >> (int)Math.Min(b, (ulong)bits - 1)),
            "shr" => (a, b, _) => b >= (ulong)bits ? 0 : Cut(a, bits) >> (int)b,
            "min" when signed => (a, b, _) => (ulong)Math.Min(Signed(a, bits), Signed(b, bits)),
            "max" when signed => (a, b, _) => (ulong)Math.Max(Signed(a, bits), Signed(b, bits)),
            "min" => (a, b, _) => Math.Min(Cut(a, bits), Cut(b, bits)),
            "max" => (a, b, _) => Math.Max(Cut(a, bits), Cut(b, bits)),
            _ => throw new NotSupportedException(string.Join('.', parts)),
        };
        bool wide = parts[0] == "mul" && parts[1] == "wide";
        return (a, b, c) => Cut(compute(a, b, c), wide ? 2 * bits : bits);
    }

    private static Operation Conversion(string[] parts)
    {
        var (to, from) = (parts[^2], parts[^1]);
        if (to == "f32" && from == "f32")
        {
            Func<float, float> round = parts[1] switch
            {
                "rmi" => MathF.Floor,
                "rpi" => MathF.Ceiling,
                "rzi" => MathF.Truncate,
                "rni" => x => MathF.Round(x, MidpointRounding.ToEven),
                _ => throw new NotSupportedException(string.Join('.', parts)),
            };
            return (a, _, _) => BitConverter.SingleToUInt32Bits(round(Float(a)));
        }
        return (parts[1], to, from) switch
        {
            ("rn", "f32", "s32") => (a, _, _) => BitConverter.SingleToUInt32Bits((int)a),
            ("rn", "f32", "u32") => (a, _, _) => BitConverter.SingleToUInt32Bits((uint)a),
            // Limits are kept and NaN becomes 0, as in .NET.
            ("rzi", "s32", "f32") => (a, _, _) => (uint)(int)Float(a),
            ("rzi", "u32", "f32") => (a, _, _) => (uint)Float(a),
            _ when to[0] != 'f' && from[0] != 'f' => (a, _, _) => Cut(from[0] == 's' ? (ulong)Signed(a, Bits(from)) : Cut(a, Bits(from)), Bits(to)),
            _ => throw new NotSupportedException(string.Join('.', parts)),
        };
    }

    private static ulong Cut(ulong value, int bits) => bits == 64 ? value : value & ((1ul << bits) - 1);

    private static long Signed(ulong value, int bits) => (long)(value << (64 - bits)) >> (64 - bits);
}
