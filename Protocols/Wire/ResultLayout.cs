using Sim.Environments;
using Sim.Environments.Spaces;
using Sim.Protocols.Messages;

namespace Sim.Protocols.Wire;

/// <summary>
/// Where a batch's numbers lie in its blocks: the fields of every environment at fixed offsets, behind them those of
/// the k episodes that ended, k rows each. Every field begins at a multiple of 64 bytes.
/// </summary>
public sealed class ResultLayout
{
    private const int Alignment = 64;

    private ResultLayout(FieldMessage actions, FieldMessage[] fields, FieldMessage[] ended)
    {
        (Actions, Fields, EndedFields) = (actions, fields, ended);
        FixedBytes = Align(fields[^1].Offset + fields[^1].Bytes);
    }

    /// <summary>The block of a step.</summary>
    public FieldMessage Actions { get; }

    /// <summary>
    /// Fields for every environment: observation groups, then reward, flags and, where asked for, reward terms and info
    /// outputs.
    /// </summary>
    public FieldMessage[] Fields { get; }

    /// <summary>Fields for an ended episode.</summary>
    public FieldMessage[] EndedFields { get; }

    /// <summary>Bytes of all <see cref="Fields"/>, and where the first ended field begins.</summary>
    public int FixedBytes { get; }

    /// <summary>Bytes of a result in which <paramref name="ended"/> episodes ended.</summary>
    public int Bytes(int ended)
    {
        if (ended == 0) return FixedBytes;
        int bytes = FixedBytes;
        foreach (var field in EndedFields) bytes = checked(Align(bytes) + (field.Bytes * ended));
        return bytes;
    }

    /// <summary>The layout of a batch.</summary>
    /// <exception cref="OverflowException">A block would be larger than 2 GiB.</exception>
    public static ResultLayout Of(BatchEnvironment environments, bool rewardTerms, bool info)
    {
        ArgumentNullException.ThrowIfNull(environments);
        int count = environments.Count;
        var fields = new List<FieldMessage>();
        var ended = new List<FieldMessage>();
        foreach (var group in environments.Groups)
            fields.Add(Field(group.Name, group.Space.Type.Name(), [count, .. group.Space.Shape], group.Space.Type.Size()));
        fields.Add(Field("reward", "float32", [count], sizeof(float)));
        foreach (string flag in (string[])["terminated", "truncated", "faulted", "is_success"]) fields.Add(Field(flag, "bool", [count], 1));
        ended.Add(Field("lane", "int32", [], sizeof(int)));
        ended.Add(Field("episode_return", "float32", [], sizeof(float)));
        ended.Add(Field("episode_length", "int32", [], sizeof(int)));
        foreach (var group in environments.Groups)
            ended.Add(Field($"final/{group.Name}", group.Space.Type.Name(), [.. group.Space.Shape], group.Space.Type.Size()));
        if (rewardTerms)
        {
            foreach (string term in environments.Spec.RewardTerms)
            {
                fields.Add(Field($"reward/{term}", "float32", [count], sizeof(float)));
                ended.Add(Field($"episode_reward/{term}", "float32", [], sizeof(float)));
            }
        }
        if (info && environments.Info is { Space: var outputs })
        {
            fields.Add(Field("info", outputs.Type.Name(), [count, .. outputs.Shape], outputs.Type.Size()));
            ended.Add(Field("final_info", outputs.Type.Name(), [.. outputs.Shape], outputs.Type.Size()));
        }
        int offset = 0;
        for (int i = 0; i < fields.Count; i++)
        {
            fields[i] = fields[i] with { Offset = offset };
            offset = checked(Align(offset + fields[i].Bytes));
        }
        string actions = environments.Spec.Action is Box ? "float32" : "int32";
        return new ResultLayout(Field("action", actions, [count, .. environments.Spec.Action.Shape], sizeof(float)), [.. fields], [.. ended]);
    }

    /// <summary>The layout that a server described.</summary>
    /// <exception cref="WireException">The fields do not hold together.</exception>
    public static ResultLayout Of(MadeMessage made)
    {
        ArgumentNullException.ThrowIfNull(made);
        if (made is not { Actions.Shape: not null, Fields.Length: > 0, EndedFields.Length: > 0 }
            || made.Fields.Concat(made.EndedFields).Any(field => field is not { Name: not null, DType: not null, Shape: not null, Bytes: >= 0, Offset: >= 0 }))
            throw new WireException(ErrorCode.BadMessage, "the server described a batch without its fields");
        return new ResultLayout(made.Actions, made.Fields, made.EndedFields);
    }

    /// <summary>The next multiple of 64.</summary>
    public static int Align(int bytes) => checked(bytes + Alignment - 1) & ~(Alignment - 1);

    private static FieldMessage Field(string name, string type, int[] shape, int elementBytes)
        => new() { Name = name, DType = type, Shape = shape, Bytes = shape.Aggregate(elementBytes, (bytes, extent) => checked(bytes * extent)) };
}
