namespace Sim.Tests.Physics.Batched.Analytic;

/// <summary>
/// The sockets of a straight chain that moves along itself, one end pinned, by the same scheme in double precision: in
/// every substep each soft constraint gives its accumulated impulse again and is solved once, from the pin outwards.
/// Lengths are in metres, times in substeps, masses in rods.
/// </summary>
/// <param name="rods">n.</param>
/// <param name="share">f of the sockets, critically damped, over the substep rate.</param>
internal sealed class SocketScheme(int rods, double share)
{
    private readonly double[] _place = new double[rods], _velocity = new double[rods], _impulse = new double[rods];

    /// <summary>Of each rod, metres a substep.</summary>
    public double[] Velocity => _velocity;

    public void Substep()
    {
        double[] gaps = [.. Enumerable.Range(0, rods).Select(joint => _place[joint] - (joint == 0 ? 0 : _place[joint - 1]))];
        for (int joint = 0; joint < rods; joint++) Push(joint, _impulse[joint]);
        for (int joint = 0; joint < rods; joint++) Solve(joint, gaps[joint]);
        for (int rod = 0; rod < rods; rod++) _place[rod] += _velocity[rod];
    }

    /// <summary>A spring of ω and ζ = 1 as an implicit step of it with the mass m_eff sees it.</summary>
    private void Solve(int joint, double gap)
    {
        double omega = Math.Tau * share, softness = 1 / (omega * (omega + 2)), mass = joint == 0 ? 1 : 0.5;
        double closing = (joint == 0 ? 0 : _velocity[joint - 1]) - _velocity[joint];
        double change = ((mass * ((omega / (omega + 2) * gap) - closing)) - (softness * _impulse[joint])) / (1 + softness);
        _impulse[joint] += change;
        Push(joint, change);
    }

    private void Push(int joint, double impulse)
    {
        if (joint > 0) _velocity[joint - 1] += impulse;
        _velocity[joint] -= impulse;
    }
}
