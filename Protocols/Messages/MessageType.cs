namespace Sim.Protocols.Messages;

/// <summary>What a frame is. Numbers are never reused; <c>docs/protocol.md</c> describes each message.</summary>
public enum MessageType
{
    Hello = 1,
    Welcome = 2,
    List = 3,
    Environments = 4,
    Describe = 5,
    Description = 6,
    Make = 7,
    Made = 8,
    Reset = 9,
    Step = 10,
    Restore = 11,

    /// <summary>Answers <see cref="Reset"/>, <see cref="Step"/> and <see cref="Restore"/>.</summary>
    Result = 12,
    Snapshot = 13,
    Snapshots = 14,
    Render = 15,
    Picture = 16,
    ComputeRewards = 17,
    Rewards = 18,
    Close = 19,
    Closed = 20,
    Ping = 21,
    Pong = 22,
    Act = 23,
    Actions = 24,
    Annotate = 25,
    Annotated = 26,
    Error = 31,
}
