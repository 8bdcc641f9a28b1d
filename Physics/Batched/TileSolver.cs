using System.Runtime.InteropServices;
using Sim.Physics.Batched.Contacts;
using Sim.Physics.Batched.Joints;
using Sim.Physics.Numerics;
using Sim.Physics.Scenes;

namespace Sim.Physics.Batched;

/// <summary>Steps tiles of one scene. Each thread has its own <see cref="TileWorkspace"/>.</summary>
internal sealed unsafe class TileSolver<T> : IDisposable where T : unmanaged, ILane<T>
{
    private readonly TileLayout _layout;
    private readonly SceneSettings _settings;
    private readonly SubstepTiming _timing;
    private readonly BodyStage<T> _bodies;
    private readonly JointStage<T>[] _joints;
    private readonly ContactStage<T>[] _contacts;
    private readonly ContactDetection<T> _detection;
    private readonly TileFaults<T> _faults;

    public TileSolver(TileLayout layout)
    {
        _layout = layout;
        _settings = layout.Scene.Settings;
        _timing = new SubstepTiming(layout.H);
        _bodies = new BodyStage<T>(layout);
        _joints = [.. layout.Joints.Select((place, index) => JointStages.Create<T>(layout.Scene.Joints[index].Joint, place))];
        _contacts = [.. layout.Pairs.Select(pair => ContactStage<T>.Create(pair, layout.Bodies[pair.A].First, layout.Bodies[pair.B].First))];
        _detection = new ContactDetection<T>(layout);
        _faults = new TileFaults<T>(layout);
    }

    public TileWorkspace CreateWorkspace() => new(T.TileWidth, _layout.Pairs.Length,
        margins: _detection.ScratchRows, masks: _bodies.ScratchRows, motion: _faults.ScratchRows,
        joints: _layout.JointScratchRows, contacts: _layout.Pairs.Sum(pair => pair.ScratchRows));

    /// <summary>One timestep of a tile.</summary>
    public void Step(float* tile, TileWorkspace workspace, bool wrenches)
    {
        _faults.Remember(tile, workspace.Motion);
        int active = DetectContacts(tile, workspace);
        if (_bodies.ReadsMasks) MarkConstrained(tile, workspace, active);
        for (int substep = 0; substep < _settings.Substeps; substep++)
        {
            if (substep > 0) AdvanceContacts(tile, workspace, active);
            _bodies.Begin(tile, workspace.Masks, substep, wrenches);
            BeginConstraints(tile, workspace, active);
            for (int iteration = 0; iteration < _settings.VelocityIterations; iteration++) SolveConstraints(tile, workspace, active);
        }
        _bodies.End(tile, workspace.Masks);
        if (wrenches) ClearWrenches(tile);
        _faults.Check(tile, workspace.Motion);
    }

    public void Dispose() => _detection.Dispose();

    /// <summary>Lists the slots that any lane uses, in the scene's order.</summary>
    private int DetectContacts(float* tile, TileWorkspace workspace)
    {
        if (_contacts.Length == 0) return 0;
        var counts = workspace.Counts;
        _detection.Detect(tile, workspace.Margins, counts);
        int active = 0, rows = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0) continue;
            workspace.Active[active++] = new ActiveSlot(i, counts[i], rows * T.TileWidth);
            rows += _layout.Pairs[i].ScratchRows;
        }
        return active;
    }

    private void AdvanceContacts(float* tile, TileWorkspace workspace, int active)
    {
        foreach (ref readonly var slot in workspace.Active[..active]) _contacts[slot.Index].Advance(tile, slot.Contacts, _timing.H);
    }

    private void BeginConstraints(float* tile, TileWorkspace workspace, int active)
    {
        foreach (var joint in _joints) joint.Begin(tile, workspace.Joints, in _timing);
        foreach (ref readonly var slot in workspace.Active[..active]) _contacts[slot.Index].Begin(tile, workspace.Contacts + slot.Scratch, slot.Contacts, _timing.InverseH);
    }

    private void SolveConstraints(float* tile, TileWorkspace workspace, int active)
    {
        foreach (var joint in _joints) joint.Solve(tile, workspace.Joints);
        foreach (ref readonly var slot in workspace.Active[..active]) _contacts[slot.Index].Solve(tile, workspace.Contacts + slot.Scratch, slot.Contacts, _settings.LegacyFriction);
    }

    /// <summary>Writes for every body the mask of lanes in which a joint or a contact holds it.</summary>
    private void MarkConstrained(float* tile, TileWorkspace workspace, int active)
    {
        Rows<T> rows = new(tile), masks = new(workspace.Masks);
        for (int i = 0; i < _layout.Bodies.Length; i++) masks.Put(i, _layout.Bodies[i].AlwaysJoined ? ~T.OfBits(0) : T.OfBits(0));
        for (int i = 0; i < _layout.Joints.Length; i++)
        {
            if (_layout.Joints[i].Enabled < 0) continue;
            T enabled = rows.Scalar(_layout.Joints[i].Enabled);
            var joint = _layout.Scene.Joints[i];
            Mark(masks, joint.A.Index, enabled);
            if (joint.B is { } b) Mark(masks, b.Index, enabled);
        }
        foreach (ref readonly var slot in workspace.Active[..active])
        {
            var pair = _layout.Pairs[slot.Index];
            T touching = rows.Scalar(pair.First + SlotRows.Count) > T.Of(0);
            Mark(masks, pair.A, touching);
            Mark(masks, pair.B, touching);
        }
    }

    private static void Mark(Rows<T> masks, int body, T held) => masks.Put(body, masks.Scalar(body) | held);

    private void ClearWrenches(float* tile)
    {
        foreach (ref readonly var body in _layout.Bodies.AsSpan())
        {
            if (body.Kind != BodyKind.Dynamic) continue;
            int bytes = 6 * T.TileWidth * sizeof(float);
            NativeMemory.Clear(tile + ((body.First + BodyRows.Force) * T.TileWidth), (nuint)bytes);
        }
    }
}
