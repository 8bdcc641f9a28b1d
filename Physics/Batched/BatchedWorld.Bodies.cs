using System.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched;

public sealed unsafe partial class BatchedWorld
{
    public override BodyState Body(int environment, BodyId body)
    {
        bool moves = Check(environment, body).Kind != BodyKind.Static;
        int first = _layout.Bodies[body.Index].First;
        var turn = GetVector(environment, first + BodyRows.Orientation);
        var pose = new Pose(GetVector(environment, first + BodyRows.Position), new Quaternion(turn, Get(environment, first + BodyRows.Orientation + 3)));
        return moves ? new BodyState(pose, GetVector(environment, first + BodyRows.LinearVelocity), GetVector(environment, first + BodyRows.AngularVelocity)) : pose;
    }

    public override void SetBody(int environment, BodyId body, in BodyState state)
    {
        var description = Check(environment, body);
        CheckState(description, in state);
        int first = _layout.Bodies[body.Index].First;
        var turn = state.Pose.UnitOrientation;
        Put(environment, first + BodyRows.Position, state.Pose.Position);
        Put(environment, first + BodyRows.Orientation, new Vector3(turn.X, turn.Y, turn.Z));
        Put(environment, first + BodyRows.Orientation + 3, turn.W);
        if (description.Kind == BodyKind.Static) return;
        Put(environment, first + BodyRows.LinearVelocity, state.LinearVelocity);
        Put(environment, first + BodyRows.AngularVelocity, state.AngularVelocity);
    }

    public override void SetVelocity(int environment, BodyId body, Vector3 linear, Vector3 angular)
    {
        CheckVelocity(Check(environment, body), linear, angular);
        int first = _layout.Bodies[body.Index].First;
        Put(environment, first + BodyRows.LinearVelocity, linear);
        Put(environment, first + BodyRows.AngularVelocity, angular);
    }

    public override void SetVelocities(BodyId body, ReadOnlySpan<float> velocities)
    {
        CheckRows(velocities.Length, 6);
        CheckVelocity(Check(0, body), Vector3.Zero, Vector3.Zero);
        Scatter(_layout.Bodies[body.Index].First + BodyRows.LinearVelocity, 6, velocities);
    }

    public override void ApplyWrench(int environment, BodyId body, Vector3 force, Vector3 torque)
    {
        CheckWrench(Check(environment, body), force, torque);
        int first = _layout.Bodies[body.Index].First;
        Put(environment, first + BodyRows.Force, GetVector(environment, first + BodyRows.Force) + force);
        Put(environment, first + BodyRows.Torque, GetVector(environment, first + BodyRows.Torque) + torque);
        _wrenches = true;
    }

    public override void ApplyWrenches(BodyId body, ReadOnlySpan<float> wrenches)
    {
        CheckRows(wrenches.Length, 6);
        CheckWrench(Check(0, body), Vector3.Zero, Vector3.Zero);
        int first = _layout.Bodies[body.Index].First + BodyRows.Force;
        for (int environment = 0; environment < Count; environment++)
        {
            float* lane = Lane(environment) + (first * _width);
            for (int k = 0; k < 6; k++) lane[k * _width] += wrenches[(6 * environment) + k];
        }
        _wrenches = true;
    }

    public override void ReadBodies(BodyId body, Span<float> states)
    {
        CheckRows(states.Length, 13);
        bool moves = Check(0, body).Kind != BodyKind.Static;
        int first = _layout.Bodies[body.Index].First, rows = moves ? BodyRows.Motion : BodyRows.Pose;
        for (int environment = 0; environment < Count; environment++)
        {
            float* lane = Lane(environment) + (first * _width);
            var row = states.Slice(13 * environment, 13);
            for (int k = 0; k < rows; k++) row[k] = lane[k * _width];
            row[rows..].Clear();
        }
    }

    /// <summary>Writes <paramref name="rows"/> rows from <paramref name="first"/> on, values <c>[environment, rows]</c>.</summary>
    private void Scatter(int first, int rows, ReadOnlySpan<float> values)
    {
        for (int environment = 0; environment < Count; environment++)
        {
            float* lane = Lane(environment) + (first * _width);
            for (int k = 0; k < rows; k++) lane[k * _width] = values[(rows * environment) + k];
        }
    }
}
