namespace Sim.Protocols.Messages;

/// <summary>What went wrong, for programs: these never change.</summary>
public static class ErrorCode
{
    public const string BadFrame = "bad_frame";
    public const string UnsupportedVersion = "unsupported_version";
    public const string Unauthorised = "unauthorised";
    public const string Busy = "busy";
    public const string Draining = "draining";
    public const string UnknownType = "unknown_type";
    public const string BadMessage = "bad_message";
    public const string UnknownEnvironment = "unknown_environment";
    public const string InvalidSetting = "invalid_setting";
    public const string UnknownBatch = "unknown_batch";
    public const string InvalidBlock = "invalid_block";
    public const string InvalidAction = "invalid_action";
    public const string InvalidArgument = "invalid_argument";
    public const string NotReset = "not_reset";
    public const string LimitExceeded = "limit_exceeded";
    public const string NotSupported = "not_supported";
    public const string Internal = "internal";

    /// <summary>Whether the connection is of no further use after this error.</summary>
    public static bool EndsConnection(string code)
        => code is BadFrame or UnsupportedVersion or Unauthorised or Busy or Draining;
}
