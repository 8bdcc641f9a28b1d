using System.Runtime.InteropServices;
using Sim.Physics.Collision;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// Detection of a tile's contacts, once a step: margins of all bodies, then pair by pair bounding spheres in all lanes
/// at once, and the narrow phase lane by lane where they are near.
/// </summary>
internal sealed unsafe class ContactDetection<T> : IDisposable where T : unmanaged, ILane<T>
{
    private readonly PairPlace[] _pairs;
    private readonly PairCull[] _culls;
    private readonly NarrowBody[] _bodies;
    private readonly SpeculativeMargins?[] _margins;
    private readonly List<nint> _children = [];
    private readonly float _dt;
    private readonly System.Numerics.Vector3 _gravity;

    public ContactDetection(TileLayout layout)
    {
        _pairs = layout.Pairs;
        _dt = layout.Scene.Settings.Timestep;
        _gravity = layout.Scene.Settings.Gravity;
        _bodies = [.. layout.Bodies.Select((place, index) => Narrow(place, layout.Collidables[index]))];
        _margins = [.. layout.Bodies.Select((place, index) => layout.Collidables[index] is { } shape && place.Kind != BodyKind.Static
            ? SpeculativeMargins.Of(place, in shape, layout.Scene.Bodies[index].SpeculativeMargin)
            : default(SpeculativeMargins?))];
        _culls = [.. _pairs.Select(pair => PairCull.Of(layout.Bodies[pair.A].First, layout.Collidables[pair.A]!.Value, layout.Bodies[pair.B].First, layout.Collidables[pair.B]!.Value))];
    }

    /// <summary>Rows of scratch.</summary>
    public int ScratchRows => _bodies.Length;

    /// <summary>Finds all contacts of a tile.</summary>
    /// <param name="tile">Its rows.</param>
    /// <param name="scratch">Rows of margins.</param>
    /// <param name="contacts">For each pair the most contacts that any lane has, written.</param>
    public void Detect(float* tile, float* scratch, Span<int> contacts)
    {
        Rows<T> rows = new(tile), margins = new(scratch);
        MeasureMargins(rows, margins);
        T alive = ~rows.Scalar(TileLayout.Faulted);
        for (int i = 0; i < contacts.Length; i++)
        {
            ref readonly var pair = ref _pairs[i];
            T margin = margins.Scalar(pair.A) + margins.Scalar(pair.B);
            _culls[i].Near(rows, in margin, out T near);
            near &= alive;
            T held = rows.Scalar(pair.First + SlotRows.Count) > T.Of(0);
            contacts[i] = !T.Any(near | held) ? 0
                : pair.Convex ? Visit(tile, scratch, in pair, in near, T.Of(0))
                : VisitCompound(rows, tile, scratch, in pair, in near, in held, in margin);
        }
    }

    public void Dispose()
    {
        foreach (nint memory in _children) NativeMemory.Free((void*)memory);
        _children.Clear();
    }

    private void MeasureMargins(Rows<T> rows, Rows<T> margins)
    {
        var gravity = new Vec3<T>(T.Of(_gravity.X), T.Of(_gravity.Y), T.Of(_gravity.Z));
        for (int i = 0; i < _margins.Length; i++)
        {
            margins.Put(i, _margins[i] is { } margin ? margin.Measure(rows, gravity, _dt) : T.Of(0));
        }
    }

    /// <summary>Renews a compound's slot where its bodies have moved.</summary>
    private int VisitCompound(Rows<T> rows, float* tile, float* margins, in PairPlace pair, in T near, in T held, in T margin)
    {
        Rows<T> kept = rows.From(pair.First + SlotRows.Resting(pair.Capacity)), a = rows.From(_bodies[pair.A].Row), b = rows.From(_bodies[pair.B].Row);
        RestingPair.Find(kept, a, b, in margin, out T rests);
        rests &= near;
        T moved = near & ~rests;
        int most = Visit(tile, margins, in pair, in moved, in rests);
        RestingPair.Keep(kept, a, b, in margin, in moved, held & ~near);
        return most;
    }

    /// <summary>Renews a pair's slot lane by lane, where it is near; clears it where it neither is nor rests. Returns the most contacts that any has.</summary>
    private int Visit(float* tile, float* margins, in PairPlace pair, in T candidates, in T resting)
    {
        LaneBytes bytes, untouched;
        byte* near = (byte*)&bytes, rests = (byte*)&untouched;
        T.StoreMask(candidates, near);
        T.StoreMask(resting, rests);
        int most = 0;
        for (int lane = 0; lane < T.Width; lane++)
        {
            float* slot = tile + (pair.First * T.TileWidth) + lane;
            if (near[lane] != 0)
                NarrowPhase.Detect(tile + lane, T.TileWidth, in pair, in _bodies[pair.A], in _bodies[pair.B], margins[(pair.A * T.TileWidth) + lane] + margins[(pair.B * T.TileWidth) + lane]);
            else if (rests[lane] == 0)
                ContactCache.Clear(slot, T.TileWidth, pair.Convex);
            most = Math.Max(most, (int)slot[SlotRows.Count * T.TileWidth]);
        }
        return most;
    }

    /// <summary>A byte for each lane of the widest register.</summary>
    private struct LaneBytes
    {
        public fixed byte Value[16];
    }

    private NarrowBody Narrow(BodyPlace place, Collidable? shape)
    {
        if (shape is not { } known) return default;
        int bytes = known.Children.Length * sizeof(CompoundChild);
        var memory = (CompoundChild*)NativeMemory.Alloc((nuint)bytes);
        _children.Add((nint)memory);
        known.Children.CopyTo(new Span<CompoundChild>(memory, known.Children.Length));
        return new NarrowBody(place.First, (nint)memory, known.Children.Length, known.MaximumRadius);
    }
}
