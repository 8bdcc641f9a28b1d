using System.Globalization;
using System.Runtime.InteropServices;

namespace Sim.Tests.Physics.Gpu;

/// <summary>
/// Runs PTX text one thread at a time, after "Parallel Thread Execution ISA Version 8.0" (NVIDIA): the instructions
/// that our kernels consist of, on memory of this process. Slow and without any parallelism; an instruction it does
/// not know is an error.
/// </summary>
internal sealed unsafe class PtxInterpreter
{
    private readonly List<Step> _steps = [];
    private readonly Dictionary<string, int> _registers = [], _labels = [], _parameters = [];
    private readonly Dictionary<string, byte[]> _locals = [];
    private readonly ulong[] _values;
    private (uint Thread, uint Block, uint BlockSize, uint Blocks) _at;

    public PtxInterpreter(string text)
    {
        var lines = text.Split('\n').Select(line => line.Split("//")[0].Trim()).Where(line => line.Length > 0).ToList();
        int body = lines.FindIndex(line => line.StartsWith(".visible .entry", StringComparison.Ordinal));
        Entry = lines[body].Split(' ')[2].TrimEnd('(');
        int offset = 0;
        for (body++; lines[body] != ")"; body++) AddParameter(lines[body].TrimEnd(','), ref offset);
        ParameterBytes = offset;
        var inner = lines.Skip(body + 2).TakeWhile(line => line != "}").ToList();
        foreach (string line in inner.Where(line => line.StartsWith(".local", StringComparison.Ordinal))) AddLocal(line.TrimEnd(';'));
        var code = inner.Where(line => line[0] != '.').ToList();
        int place = 0;
        foreach (string line in code)
        {
            if (line.EndsWith(':')) _labels[line[..^1]] = place;
            else place++;
        }
        foreach (string line in code.Where(line => !line.EndsWith(':'))) _steps.Add(Parse(line.TrimEnd(';')));
        _values = new ulong[_registers.Count];
    }

    public string Entry { get; }

    public int ParameterBytes { get; }

    /// <summary>Runs one thread of a launch to its end.</summary>
    public void Run(byte* parameters, uint thread, uint block, uint blockSize, uint blocks)
    {
        _at = (thread, block, blockSize, blocks);
        for (int at = 0; at >= 0;)
        {
            var step = _steps[at++];
            if (step.Guard >= 0 && (_values[step.Guard] != 0) == step.GuardNegated) continue;
            at = step.Run(at, parameters);
        }
    }

    private sealed record Step(int Guard, bool GuardNegated, RunStep Run);

    private delegate int RunStep(int next, byte* parameters);

    private void AddParameter(string declaration, ref int offset)
    {
        string[] words = declaration.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool array = words[1] == ".align";
        string name = words[^1];
        int size = array ? int.Parse(name[(name.IndexOf('[') + 1)..^1], CultureInfo.InvariantCulture) : PtxArithmetic.Bits(words[1][1..]) / 8;
        int alignment = array ? int.Parse(words[2], CultureInfo.InvariantCulture) : size;
        offset = (offset + alignment - 1) / alignment * alignment;
        _parameters[array ? name[..name.IndexOf('[')] : name] = offset;
        offset += size;
    }

    /// <summary>Local memory of the one thread that runs at a time.</summary>
    private void AddLocal(string declaration)
    {
        string name = declaration.Split(' ')[^1];
        byte[] memory = GC.AllocateArray<byte>(int.Parse(name[(name.IndexOf('[') + 1)..^1], CultureInfo.InvariantCulture), pinned: true);
        _locals[name[..name.IndexOf('[')]] = memory;
    }

    private Step Parse(string line)
    {
        int guard = -1;
        bool negated = false;
        if (line[0] == '@')
        {
            int space = line.IndexOf(' ');
            negated = line[1] == '!';
            guard = Register(line[(negated ? 2 : 1)..space]);
            line = line[(space + 1)..].Trim();
        }
        int end = line.IndexOfAny([' ', '\t']);
        string name = end < 0 ? line : line[..end];
        string[] operands = end < 0 ? [] : [.. line[end..].Split(',').Select(operand => operand.Trim())];
        return new Step(guard, negated, Compile(name, operands));
    }

    private RunStep Compile(string name, string[] operands)
    {
        string[] parts = name.Split('.');
        switch (parts[0])
        {
            case "ret":
                return (_, _) => -1;
            case "bra":
                int target = _labels[operands[0]];
                return (_, _) => target;
            case "ld":
                return CompileLoad(PtxArithmetic.Bits(parts[^1]), operands);
            case "st":
                return CompileStore(PtxArithmetic.Bits(parts[^1]), operands);
            case "mov" when operands[1].StartsWith("%tid", StringComparison.Ordinal) || operands[1].StartsWith("%ctaid", StringComparison.Ordinal)
                || operands[1].StartsWith("%ntid", StringComparison.Ordinal) || operands[1].StartsWith("%nctaid", StringComparison.Ordinal):
                return CompileSpecial(operands);
            default:
                var compute = PtxArithmetic.Find(name);
                int result = Register(operands[0]);
                var (a, b, c) = (Operand(operands, 1), Operand(operands, 2), Operand(operands, 3));
                return (next, _) =>
                {
                    _values[result] = compute(a.Of(_values), b.Of(_values), c.Of(_values));
                    return next;
                };
        }
    }

    private RunStep CompileSpecial(string[] operands)
    {
        int result = Register(operands[0]);
        string special = operands[1];
        return (next, _) =>
        {
            _values[result] = special switch
            {
                "%tid.x" => _at.Thread,
                "%ctaid.x" => _at.Block,
                "%ntid.x" => _at.BlockSize,
                "%nctaid.x" => _at.Blocks,
                "%tid.y" or "%tid.z" or "%ctaid.y" or "%ctaid.z" => 0,
                "%ntid.y" or "%ntid.z" or "%nctaid.y" or "%nctaid.z" => 1,
                _ => throw new NotSupportedException(special),
            };
            return next;
        };
    }

    private RunStep CompileLoad(int bits, string[] operands)
    {
        int result = Register(operands[0]);
        var (name, offset) = Address(operands[1]);
        if (_parameters.TryGetValue(name, out int parameter))
        {
            return (next, parameters) =>
            {
                _values[result] = Read(parameters + parameter + offset, bits);
                return next;
            };
        }
        int address = Register(name);
        return (next, _) =>
        {
            _values[result] = Read((byte*)_values[address] + offset, bits);
            return next;
        };
    }

    private RunStep CompileStore(int bits, string[] operands)
    {
        var (name, offset) = Address(operands[0]);
        int address = Register(name);
        var value = Operand(operands, 1);
        return (next, _) =>
        {
            byte* target = (byte*)_values[address] + offset;
            ulong stored = value.Of(_values);
            if (bits == 8) *target = (byte)stored;
            else if (bits == 32) *(uint*)target = (uint)stored;
            else if (bits == 64) *(ulong*)target = stored;
            else throw new NotSupportedException($"a store of {bits} bits");
            return next;
        };
    }

    private static ulong Read(byte* source, int bits) => bits switch
    {
        8 => *source,
        32 => *(uint*)source,
        64 => *(ulong*)source,
        _ => throw new NotSupportedException($"a load of {bits} bits"),
    };

    private static (string Name, int Offset) Address(string operand)
    {
        string[] parts = operand[1..^1].Split('+');
        return (parts[0], parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
    }

    private int Register(string name)
    {
        if (name[0] != '%') throw new NotSupportedException($"operand {name}");
        if (!_registers.TryGetValue(name, out int index)) _registers[name] = index = _registers.Count;
        return index;
    }

    private Source Operand(string[] operands, int position)
    {
        if (position >= operands.Length) return new Source(-1, 0);
        string text = operands[position];
        if (text[0] == '%') return new Source(Register(text), 0);
        if (_locals.TryGetValue(text, out byte[]? memory)) return new Source(-1, (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0));
        if (text.StartsWith("0f", StringComparison.OrdinalIgnoreCase)) return new Source(-1, uint.Parse(text[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return new Source(-1, ulong.Parse(text[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return new Source(-1, text[0] == '-' ? (ulong)long.Parse(text, CultureInfo.InvariantCulture) : ulong.Parse(text, CultureInfo.InvariantCulture));
    }

    private readonly record struct Source(int Register, ulong Constant)
    {
        public ulong Of(ulong[] values) => Register < 0 ? Constant : values[Register];
    }
}
