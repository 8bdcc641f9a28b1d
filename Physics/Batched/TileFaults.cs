using Sim.Physics.Batched.Contacts;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched;

/// <summary>
/// Finds environments whose numbers are no longer finite and keeps them where they were last well, at rest and
/// without impulses, until they are reset or restored. Other lanes are not touched.
/// </summary>
internal sealed unsafe class TileFaults<T>(TileLayout layout) where T : unmanaged, ILane<T>
{
    /// <summary>Numbers of a body beyond this in sum are as good as infinite: their squares are.</summary>
    private const float Largest = 1e18f;

    private readonly BodyPlace[] _moving = [.. layout.Bodies.Where(body => body.Kind != BodyKind.Static)];

    public int ScratchRows => _moving.Length * BodyRows.Motion;

    /// <summary>Copies poses and velocities.</summary>
    public void Remember(float* tile, float* motion)
    {
        for (int i = 0; i < _moving.Length; i++)
        {
            int floats = BodyRows.Motion * T.TileWidth;
            new ReadOnlySpan<float>(tile + (_moving[i].First * T.TileWidth), floats).CopyTo(new Span<float>(motion + (i * floats), floats));
        }
    }

    public void Check(float* tile, float* motion)
    {
        var rows = new Rows<T>(tile);
        T size = T.Of(0);
        foreach (ref readonly var body in _moving.AsSpan()) size += Size(rows.From(body.First));
        T faulted = rows.Scalar(TileLayout.Faulted) | ~(size <= T.Of(Largest));
        if (T.Any(faulted)) Stop(tile, motion, faulted);
    }

    /// <summary>Finite only if all numbers of the body are.</summary>
    private static T Size(Rows<T> body)
    {
        T size = T.Of(0);
        for (int row = 0; row < BodyRows.Motion; row++) size += T.Abs(body.Scalar(row));
        return size;
    }

    private void Stop(float* tile, float* motion, T faulted)
    {
        Rows<T> rows = new(tile), before = new(motion);
        for (int i = 0; i < _moving.Length; i++)
        {
            var body = rows.From(_moving[i].First);
            for (int row = 0; row < BodyRows.Pose; row++) body.Put(row, T.Select(faulted, before.Scalar((i * BodyRows.Motion) + row), body.Scalar(row)));
            for (int row = BodyRows.Pose; row < BodyRows.Motion; row++) body.Put(row, T.Select(faulted, T.Of(0), body.Scalar(row)));
        }
        for (int i = 0; i < layout.Joints.Length; i++) Zero(rows, layout.Joints[i].First, layout.Scene.Joints[i].Joint.DegreesOfFreedom, faulted);
        foreach (ref readonly var pair in layout.Pairs.AsSpan())
        {
            int total = SlotRows.Total(pair.Convex, pair.Capacity);
            Zero(rows, pair.First + SlotRows.Count, 1, faulted);
            Zero(rows, pair.First + SlotRows.OffsetB, total - SlotRows.OffsetB, faulted);
        }
        rows.Put(TileLayout.Faulted, faulted);
    }

    private static void Zero(Rows<T> rows, int first, int count, T faulted)
    {
        for (int row = first; row < first + count; row++) rows.Put(row, T.Select(faulted, T.Of(0), rows.Scalar(row)));
    }
}
