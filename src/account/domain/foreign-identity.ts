/** A person as the operator's identity provider names him. */
export interface ForeignIdentity {
  readonly issuer: string;
  readonly subject: string;
}

/** OpenID Connect's own bound on a subject. */
export const subjectLengthMax = 255;

/** Whether a subject can name a person here: 1 to 255 characters that any store can keep. */
export const isSubject = (subject: unknown): subject is string =>
  typeof subject === "string" &&
  subject.length > 0 &&
  subject.length <= subjectLengthMax &&
  subject.isWellFormed() &&
  !/\p{Cc}/u.test(subject);
