using System.Reflection;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace Sim.Physics.Gpu;

/// <summary>
/// Operations that become one PTX instruction each and, run on the CPU, compute what it computes: those that ILGPU
/// translates wrongly or not at all. <see cref="MathF.FusedMultiplyAdd"/> becomes a call to a function that no GPU
/// has, and inline assembly sends its result through memory. A comparison whose left side is a constant swaps its
/// sides and is then true of NaN.
/// </summary>
internal static class PtxInstruction
{
    /// <summary>a·b + c with one rounding.</summary>
    [IntrinsicImplementation]
    public static float FusedMultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <summary>All bits set where a &lt; b, else 0; so 0 where either is NaN.</summary>
    [IntrinsicImplementation]
    public static uint Less(float a, float b) => a < b ? 0xFFFFFFFFu : 0;

    /// <summary>All bits set where a ≤ b, else 0; so 0 where either is NaN.</summary>
    [IntrinsicImplementation]
    public static uint LessOrEqual(float a, float b) => a <= b ? 0xFFFFFFFFu : 0;

    /// <summary>All bits set where a = b, else 0; so 0 where either is NaN.</summary>
    [IntrinsicImplementation]
    public static uint Equal(float a, float b) => a == b ? 0xFFFFFFFFu : 0;

    public static void Register(IntrinsicImplementationManager intrinsics)
    {
        Register(intrinsics, nameof(FusedMultiplyAdd), nameof(WriteFusedMultiplyAdd));
        Register(intrinsics, nameof(Less), nameof(WriteLess));
        Register(intrinsics, nameof(LessOrEqual), nameof(WriteLessOrEqual));
        Register(intrinsics, nameof(Equal), nameof(WriteEqual));
    }

    private static void Register(IntrinsicImplementationManager intrinsics, string operation, string writer)
        => intrinsics.RegisterMethod(typeof(PtxInstruction).GetMethod(operation)!, new PTXIntrinsic(
            typeof(PtxInstruction).GetMethod(writer, BindingFlags.Static | BindingFlags.NonPublic)!,
            IntrinsicImplementationMode.GenerateCode));

    private static void WriteFusedMultiplyAdd(PTXBackend backend, PTXCodeGenerator code, Value value) => Write("fma.rn.f32", code, value);

    private static void WriteLess(PTXBackend backend, PTXCodeGenerator code, Value value) => Write("set.lt.u32.f32", code, value);

    private static void WriteLessOrEqual(PTXBackend backend, PTXCodeGenerator code, Value value) => Write("set.le.u32.f32", code, value);

    private static void WriteEqual(PTXBackend backend, PTXCodeGenerator code, Value value) => Write("set.eq.u32.f32", code, value);

    private static void Write(string name, PTXCodeGenerator code, Value value)
    {
        var call = (MethodCall)value;
        var result = code.AllocateHardware(value);
        using var instruction = code.BeginCommand(name);
        instruction.AppendArgument(result);
        foreach (var operand in call) instruction.AppendArgument(code.LoadPrimitive(operand.Resolve()));
    }
}
