using System.Numerics;
using Sim.Physics.Batched.Contacts;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;
using Sim.Physics.Worlds;

namespace Sim.Physics.Batched;

public sealed partial class BatchedWorld
{
    public override ContactReading Contact(int environment, BodyId a, BodyId b)
    {
        Check(environment, a);
        Check(environment, b);
        if (!_slots.TryGetValue(Scene.Key(a, b), out int index)) return ContactReading.None;
        var reading = Read(environment, _layout.Pairs[index]);
        return _layout.Pairs[index].A == a.Index ? reading : reading with { Force = -reading.Force };
    }

    public override Vector3 ContactForce(int environment, BodyId body)
    {
        Check(environment, body);
        var sum = Vector3.Zero;
        foreach (ref readonly var pair in _layout.Pairs.AsSpan())
        {
            if (pair.A == body.Index) sum += Read(environment, pair).Force;
            else if (pair.B == body.Index) sum -= Read(environment, pair).Force;
        }
        return sum;
    }

    /// <summary>Force is that on the pair's first body.</summary>
    private ContactReading Read(int environment, PairPlace pair)
    {
        int count = (int)Get(environment, pair.First + SlotRows.Count);
        if (count == 0) return ContactReading.None;
        float deepest = float.NegativeInfinity, pressing = 0;
        var impulse = pair.Convex ? Friction(environment, pair.First + SlotRows.Tangent, GetVector(environment, pair.First + SlotRows.Normal)) : Vector3.Zero;
        for (int i = 0; i < count; i++)
        {
            int row = pair.First + SlotRows.Contact(pair.Convex, i);
            var normal = GetVector(environment, pair.Convex ? pair.First + SlotRows.Normal : row + SlotRows.OwnNormal);
            float push = Get(environment, row + SlotRows.Impulse);
            deepest = MathF.Max(deepest, Get(environment, row + SlotRows.Depth));
            pressing += push;
            impulse += push * normal;
            if (!pair.Convex) impulse += Friction(environment, row + SlotRows.OwnTangent, normal);
        }
        return new ContactReading(count, deepest >= 0 || pressing > 0, deepest, pressing / _layout.H, impulse / _layout.H);
    }

    private Vector3 Friction(int environment, int row, Vector3 normal)
    {
        // The directions that the kernels take.
        Vec3<Lane1>.Tangents(new(new(normal.X), new(normal.Y), new(normal.Z)), out var first, out var second);
        var sum = Vec3<Lane1>.AddScaled(first * new Lane1(Get(environment, row)), new Lane1(Get(environment, row + 1)), second);
        return new Vector3(sum.X.Value, sum.Y.Value, sum.Z.Value);
    }
}
