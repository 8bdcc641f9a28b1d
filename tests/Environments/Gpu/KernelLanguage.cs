using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using ILGPU.IR.Intrinsics;

namespace Sim.Tests.Environments.Gpu;

/// <summary>
/// Reads the intermediate language of a method and of all of ours that it can reach, and names what a kernel may not
/// hold: throw, localloc, arrays, boxing, delegates, inline arrays.
/// </summary>
internal sealed class KernelLanguage
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private readonly HashSet<MethodBase> _seen = [];
    private readonly SortedSet<string> _violations = new(StringComparer.Ordinal);

    /// <summary>Methods read.</summary>
    public int Methods => _seen.Count;

    /// <summary>What was found, one line each: method and offence.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    public void Read(MethodBase method)
    {
        string? home = method.DeclaringType?.Assembly.GetName().Name;
        bool foreign = home is null || home.StartsWith("System", StringComparison.Ordinal) || home.StartsWith("ILGPU", StringComparison.Ordinal);
        if (foreign || method.IsDefined(typeof(IntrinsicImplementationAttribute), false) || !_seen.Add(method)) return;
        var body = method.GetMethodBody() ?? throw new InvalidOperationException($"{method} has no body");
        foreach (var local in body.LocalVariables) CheckType(method, local.LocalType);
        byte[] code = body.GetILAsByteArray()!;
        Type? constraint = null;
        for (int at = 0; at < code.Length;)
        {
            var instruction = Next(code, ref at);
            int operand = at;
            at += OperandSize(instruction, code, at);
            if (instruction == OpCodes.Constrained)
            {
                constraint = Resolve(method, BitConverter.ToInt32(code, operand)) as Type;
                continue;
            }
            Check(method, instruction);
            if (instruction.OperandType is OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
                Follow(method, instruction, Resolve(method, BitConverter.ToInt32(code, operand)), constraint);
            constraint = null;
        }
    }

    private void Check(MethodBase method, OpCode instruction)
    {
        if (instruction == OpCodes.Throw || instruction == OpCodes.Rethrow || instruction == OpCodes.Localloc || instruction == OpCodes.Newarr
            || instruction == OpCodes.Box || instruction == OpCodes.Ldftn || instruction == OpCodes.Ldvirtftn || instruction == OpCodes.Calli)
            Report(method, instruction.Name!);
    }

    private void Follow(MethodBase method, OpCode instruction, MemberInfo? target, Type? constraint)
    {
        if (target is Type type) CheckType(method, type);
        if (target is not MethodBase called) return;
        if (instruction == OpCodes.Newobj && called.DeclaringType is { IsValueType: false }) Report(method, $"newobj {called.DeclaringType.Name}");
        if (constraint is not null && called.DeclaringType is { IsInterface: true } contract && called is MethodInfo slot)
            called = Implementation(constraint, contract, slot);
        Read(called);
    }

    private static MethodInfo Implementation(Type type, Type contract, MethodInfo slot)
    {
        var map = type.GetInterfaceMap(contract);
        int index = Array.FindIndex(map.InterfaceMethods, method => method.MetadataToken == slot.MetadataToken && method.Module == slot.Module);
        var found = map.TargetMethods[index];
        return slot.IsGenericMethod ? found.MakeGenericMethod(slot.GetGenericArguments()) : found;
    }

    private void CheckType(MethodBase method, Type type)
    {
        if (type.IsDefined(typeof(InlineArrayAttribute), false)) Report(method, $"inline array {type.Name}");
        if (type.IsSubclassOf(typeof(Delegate))) Report(method, $"delegate {type.Name}");
    }

    private void Report(MethodBase method, string offence) => _violations.Add($"{method.DeclaringType!.Name}.{method.Name}: {offence}");

    private static MemberInfo? Resolve(MethodBase method, int token) => method.Module.ResolveMember(token,
        method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null);

    private static OpCode Next(byte[] code, ref int at)
    {
        short value = code[at++];
        if (value == 0xFE) value = (short)(0xFE00 | code[at++]);
        return Codes[value];
    }

    private static int OperandSize(OpCode instruction, byte[] code, int at) => instruction.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
