/** A user's identity at the operator's identity provider. */
export interface ForeignIdentity {
  readonly issuer: string;
  readonly subject: string;
}

/** The longest subject that OpenID Connect allows. */
export const subjectLengthMax = 255;

/** Whether the subject is valid: 1 to 255 characters that every store can keep. */
export const isSubject = (subject: unknown): subject is string =>
  typeof subject === "string" &&
  subject.length > 0 &&
  subject.length <= subjectLengthMax &&
  subject.isWellFormed() &&
  !/\p{Cc}/u.test(subject);
