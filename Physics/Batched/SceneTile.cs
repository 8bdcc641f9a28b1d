using System.Runtime.CompilerServices;
using Sim.Physics.Batched.Contacts;
using Sim.Physics.Batched.Joints;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched;

/// <summary>
/// <c>T.Width</c> copies of a scene, as a lane kernel sees them. What it writes reaches only the lanes that it was
/// given to write to. Metres, seconds, newtons, world axes.
/// </summary>
public readonly unsafe struct SceneTile<T> where T : unmanaged, ILane<T>
{
    private readonly LaneWorld<T> _world;
    private readonly float* _floats;
    private readonly TileWorkspace _workspace;
    private readonly T _writes;

    internal SceneTile(LaneWorld<T> world, float* floats, TileWorkspace workspace, in T writes)
    {
        _world = world;
        _floats = floats;
        _workspace = workspace;
        _writes = writes;
    }

    /// <summary>Mask of lanes in which a number stopped being finite; they stand still.</summary>
    public T Faulted => Rows.Scalar(TileLayout.Faulted);

    private Rows<T> Rows => new(_floats);

    /// <summary>Moves all lanes on by one timestep: detects contacts once, then solves and integrates every substep.</summary>
    public void Step() => _world.Step(_floats, _workspace);

    /// <summary>Puts the writable lanes back to the scene's beginning.</summary>
    public void Reset()
    {
        var rows = Rows;
        float[] initial = _world.Layout.Initial;
        for (int row = 0; row < initial.Length; row++) Put(rows, row, T.Of(initial[row]));
    }

    /// <summary>Where the centre of mass of a body is.</summary>
    public void Position(BodyId body, out Vec3<T> position) => position = Block(body).Vector(BodyRows.Position);

    /// <summary>How a body is turned.</summary>
    public void Orientation(BodyId body, out Quat<T> orientation) => orientation = Block(body).Quaternion(BodyRows.Orientation);

    /// <summary>Velocity of the centre of mass of a body that is not static.</summary>
    public void Velocity(BodyId body, out Vec3<T> velocity) => velocity = Block(body).Vector(BodyRows.LinearVelocity);

    /// <summary>Puts a body somewhere, at rest.</summary>
    public void Place(BodyId body, in Vec3<T> position, in Quat<T> orientation)
    {
        var block = Block(body);
        Put(block, BodyRows.Position, in position);
        Put(block, BodyRows.Orientation, orientation.X);
        Put(block, BodyRows.Orientation + 1, orientation.Y);
        Put(block, BodyRows.Orientation + 2, orientation.Z);
        Put(block, BodyRows.Orientation + 3, orientation.W);
        if (_world.Layout.Bodies[body.Index].Kind == BodyKind.Static) return;
        for (int row = BodyRows.LinearVelocity; row < BodyRows.Motion; row++) Put(block, row, T.Of(0));
    }

    /// <summary>Gives a kinematic body the velocity that takes it to a pose within the next step.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Drive(BodyId body, in Vec3<T> position, in Quat<T> orientation)
    {
        var block = Block(body);
        T rate = T.Of(1 / _world.Scene.Settings.Timestep);
        var velocity = (position - block.Vector(BodyRows.Position)) * rate;
        var spin = Quat<T>.RotationVector(Quat<T>.Multiply(orientation, Quat<T>.Conjugate(block.Quaternion(BodyRows.Orientation)))) * rate;
        Put(block, BodyRows.LinearVelocity, in velocity);
        Put(block, BodyRows.AngularVelocity, in spin);
    }

    /// <summary>Normal force between two bodies in the last substep, N; 0 where they do not touch.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Pressure(BodyId a, BodyId b, out T force)
    {
        force = T.Of(0);
        if (_world.Pair(a, b) is not { } pair) return;
        var rows = Rows;
        T count = rows.Scalar(pair.First + SlotRows.Count);
        for (int i = 0; i < pair.Capacity; i++)
        {
            T impulse = rows.Scalar(pair.First + SlotRows.Contact(pair.Convex, i) + SlotRows.Impulse);
            force += T.Select(count > T.Of(i), impulse, T.Of(0));
        }
        force *= 1 / _world.Layout.H;
    }

    /// <summary>Mask of lanes in which two bodies push or penetrate each other.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Touching(BodyId a, BodyId b, out T touching)
    {
        T zero = T.Of(0);
        touching = zero;
        if (_world.Pair(a, b) is not { } pair) return;
        var rows = Rows;
        T count = rows.Scalar(pair.First + SlotRows.Count);
        for (int i = 0; i < pair.Capacity; i++)
        {
            int contact = pair.First + SlotRows.Contact(pair.Convex, i);
            T pushes = (rows.Scalar(contact + SlotRows.Depth) >= zero) | (rows.Scalar(contact + SlotRows.Impulse) > zero);
            touching |= pushes & (count > T.Of(i));
        }
    }

    /// <summary>Mask of lanes in which an attachable joint is on.</summary>
    public T Attached(JointId joint) => Rows.Scalar(_world.Weld(joint).Enabled);

    /// <summary>Switches an attachable <see cref="Weld"/> on in the masked lanes, as its bodies are now.</summary>
    /// <remarks>Lanes in which it is on already keep the hold they have.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Attach(JointId joint, in T mask)
    {
        var place = _world.Weld(joint);
        Rows<T> rows = Rows, a = rows.From(place.A), b = rows.From(place.B);
        T held = rows.Scalar(place.Enabled);
        T fresh = mask & _writes & ~held;
        if (!T.Any(fresh)) return;
        var back = Quat<T>.Conjugate(a.Quaternion(BodyRows.Orientation));
        var offset = Quat<T>.Rotate(back, b.Vector(BodyRows.Position) - a.Vector(BodyRows.Position));
        var turn = Quat<T>.Normalize(Quat<T>.Multiply(back, b.Quaternion(BodyRows.Orientation)));
        int first = place.Parameters + SoftnessRows.Count;
        Put(rows, first, offset.X, in fresh);
        Put(rows, first + 1, offset.Y, in fresh);
        Put(rows, first + 2, offset.Z, in fresh);
        Put(rows, first + 3, turn.X, in fresh);
        Put(rows, first + 4, turn.Y, in fresh);
        Put(rows, first + 5, turn.Z, in fresh);
        Put(rows, first + 6, turn.W, in fresh);
        rows.Put(place.Enabled, held | fresh);
    }

    /// <summary>Switches an attachable joint off in the masked lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Detach(JointId joint, in T mask)
    {
        var place = _world.Weld(joint);
        var rows = Rows;
        T gone = mask & _writes;
        rows.Put(place.Enabled, rows.Scalar(place.Enabled) & ~gone);
        int degrees = _world.Scene.Joints[joint.Index].Joint.DegreesOfFreedom;
        for (int i = 0; i < degrees; i++) Put(rows, place.First + i, T.Of(0), in gone);
    }

    /// <summary>Size of the force that a <see cref="Weld"/> put on its bodies in the last substep, N.</summary>
    public void Pull(JointId joint, out T force)
    {
        // The linear part of a weld's impulse stands behind the angular one.
        var impulse = Rows.Vector(_world.Weld(joint).First + 3);
        force = T.Sqrt(impulse.LengthSquared) * (1 / _world.Layout.H);
    }

    private Rows<T> Block(BodyId body) => Rows.From(_world.Layout.Bodies[body.Index].First);

    private void Put(Rows<T> rows, int row, T value) => rows.Put(row, T.Select(_writes, value, rows.Scalar(row)));

    private void Put(Rows<T> rows, int row, in Vec3<T> value)
    {
        Put(rows, row, value.X);
        Put(rows, row + 1, value.Y);
        Put(rows, row + 2, value.Z);
    }

    private static void Put(Rows<T> rows, int row, T value, in T mask) => rows.Put(row, T.Select(mask, value, rows.Scalar(row)));
}
