using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched.Contacts;

/// <summary>
/// How far ahead of touching a body makes contacts: |v|·dt with the velocity that gravity would give over the step,
/// plus how far turning moves its surface, within the body's limits. Written to one scratch row a body; 0 for statics.
/// </summary>
internal readonly record struct SpeculativeMargins(int Body, bool Falls, float Radius, float Sweep, float Minimum, float Maximum)
{
    public static SpeculativeMargins Of(BodyPlace place, in Collidable shape, SpeculativeMargin limits)
        => new(place.First, place.Kind == BodyKind.Dynamic, shape.MaximumRadius, shape.MaximumRadius - shape.MinimumRadius, limits.Minimum, limits.Maximum);

    public T Measure<T>(Rows<T> tile, Vec3<T> gravity, float dt) where T : unmanaged, ILane<T>
    {
        var body = tile.From(Body);
        var velocity = body.Vector(BodyRows.LinearVelocity);
        if (Falls) velocity = Vec3<T>.AddScaled(velocity, T.Of(dt), gravity);
        T spin = T.Sqrt(body.Vector(BodyRows.AngularVelocity).LengthSquared);
        T turning = T.Min(spin * (dt * Radius), T.Of(Sweep));
        return LaneMath.Clamp(T.Fma(T.Sqrt(velocity.LengthSquared), T.Of(dt), turning), Minimum, Maximum);
    }
}
